import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft, Rule, Subject} from "../types.ts";

/** Linux under Xen PV takes at most this many times its boot memory on top (EXTRA_MEM_RATIO). */
const EXTRA_MEM_RATIO = 10;
/** What libxl adds to the target for the hypervisor's cap, KiB (LIBXL_MAXMEM_CONSTANT). */
export const MAXMEM_CONSTANT = 1024;

const words = ({reading: {format}}: Subject): readonly [memory: string, maxmem: string] => (format === "xl" ? ["memory", "maxmem"] : ["currentMemory", "memory"]);

/** PVH and HVM below maxmem boot with populate-on-demand. */
function onDemand(subject: Subject): readonly Draft[] {
  const [memory, maxmem] = words(subject);
  const {def, reading} = subject;
  const assigned = reading.mentions.find(({what}) => what === "vfio");
  const drafts: Draft[] = [{
    code: "populate-on-demand",
    severity: "warning",
    layer: "current",
    at: "currentMemory",
    what: `${memory} is below ${maxmem}: the guest sees ${size(def.total)} and owns ${size(def.current)}.`,
    meaning: "It boots with pages that are populated when touched. Its balloon driver has to give the difference up before the guest touches it; if it does not, Xen crashes the guest.",
    action: "Use it only with guests whose Xen balloon driver loads early.",
    source: SOURCES.pod
  }];
  if (assigned) {
    drafts.push({
      code: "populate-on-demand-with-device",
      severity: "error",
      layer: "current",
      at: assigned.span,
      what: `A device is passed through while ${memory} is below ${maxmem}.`,
      meaning: "libxl does not start a guest with populate-on-demand and an IOMMU.",
      action: `Set ${memory} to ${maxmem}.`,
      source: SOURCES.libxl
    });
  }
  return drafts;
}

/** A PV guest cannot reach more than 11 times what it booted with. */
function reach(subject: Subject): readonly Draft[] {
  const {def} = subject;
  const [memory, maxmem] = words(subject);
  const reachable = def.current * (EXTRA_MEM_RATIO + 1);
  if (def.total <= reachable) {
    return [{
      code: "pv-grows-to-maxmem",
      severity: "note",
      layer: "target",
      at: "currentMemory",
      what: `The guest boots with ${size(def.current)} and can grow to ${size(def.total)}.`,
      meaning: "The rest was never populated; it stands in the balloon from the start, and MemTotal never counted it. The tables for the larger size are taken from the smaller one.",
      action: "",
      source: SOURCES.xenLinux
    }];
  }
  return [{
    code: "pv-out-of-reach",
    severity: "warning",
    layer: "configured",
    at: "memory",
    what: `${maxmem}, ${size(def.total)}, is more than 11 times ${memory}.`,
    meaning: `Linux takes at most ten times its boot memory on top: this guest reaches ${size(reachable)} and no more.`,
    action: `Raise ${memory} to at least ${size(Math.ceil(def.total / 11 / 1024) * 1024)}.`,
    source: SOURCES.xenLinux
  }];
}

export const xenTarget: Rule = (subject) => {
  if (subject.driver !== "xen") return [];
  const {def, reading} = subject;
  if (def.current === def.total) {
    return [{
      code: "cannot-grow",
      severity: "note",
      layer: "configured",
      at: "memory",
      what: `The guest boots with all it may ever have, ${size(def.total)}.`,
      meaning: "setmem can lower it and raise it again up to that size. Above it only xl mem-max and memory hotplug in the guest lead.",
      action: "",
      source: SOURCES.libxl
    }];
  }
  return reading.xenType === "pv" ? reach(subject) : onDemand(subject);
};

/** Under libxl a target is also a cap. */
export const xenCap: Rule = ({driver, def}) =>
  driver === "xen"
    ? [{
        code: "target-is-cap",
        severity: "note",
        layer: "backing",
        at: "currentMemory",
        what: `The hypervisor caps the guest at ${size(def.current + MAXMEM_CONSTANT)}.`,
        meaning: "libxl sets Xen's own limit to the target and 1 MiB, at start and with every setmem: the guest cannot grow back by itself, and it cannot be forced down either.",
        action: "",
        source: SOURCES.libxl
      }]
    : [];

/** xl.cfg knows MiB only. */
export const xenRounding: Rule = ({driver, reading: {format}, def}) => {
  if (driver !== "xen" || format !== "libvirt" || (def.total % 1024 === 0 && def.current % 1024 === 0)) return [];
  return [{
    code: "xen-rounds-to-mib",
    severity: "note",
    layer: "configured",
    at: def.total % 1024 === 0 ? "currentMemory" : "memory",
    what: "A size is not a whole number of MiB.",
    meaning: "libvirt gives libxl both sizes rounded up to 1 MiB.",
    action: "",
    source: SOURCES.xl
  }];
};

/** No `memory` in the file. */
export const xlDefaults: Rule = ({reading: {format, values}}) =>
  format === "xl" && !values.has("memory")
    ? [{
        code: "default-size",
        severity: "warning",
        layer: "target",
        at: null,
        what: "There is no memory in this file.",
        meaning: "libvirt takes 128 MiB; xl takes maxmem where that is given.",
        action: "Say memory.",
        source: SOURCES.xl
      }]
    : [];

/** `e820_host`: a PV guest gets a map cut from the host's. Devices switch it on. */
export const hostMap: Rule = ({driver, reading: {mentions, xenType}, def}) => {
  const asked = mentions.find(({what}) => what === "host-map") ?? mentions.find(({what}) => what === "vfio");
  if (driver !== "xen" || xenType !== "pv" || !asked) return [];
  return [{
    code: "host-map",
    severity: "note",
    layer: "configured",
    at: asked.span,
    what: asked.what === "host-map" ? "The guest's map is cut from the host's." : "A device is passed through to a PV guest: its map is cut from the host's.",
    meaning: `RAM begins as on the host and goes up to the target or the host's first hole; the holes are kept, and the rest up to ${size(def.total)} begins at 4 GiB or above. The map then does not end at the configured size. This is not modelled: where a page or a figure shows a PV map, it is the plain one.`,
    action: "Add the ranges of RAM up; do not take the map's end for the size.",
    source: SOURCES.hostMap
  }];
};

export const xenRules: readonly Rule[] = [xenTarget, xenCap, xenRounding, xlDefaults, hostMap];
