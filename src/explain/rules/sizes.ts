import {alignForQemu} from "../../domain/libvirt/align.ts";
import {devicesTotal, hasBalloon, initialMemory} from "../../domain/libvirt/domain-def.ts";
import {attempt} from "../../domain/libvirt/error.ts";
import {parseMemory} from "../../domain/libvirt/memory-text.ts";
import type {ScaledText} from "../../domain/libvirt/spec.ts";
import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft, Rule} from "../types.ts";

/** What was written as `<currentMemory>`, KiB, before it was settled; null when it is absent or unreadable. */
function written(given: ScaledText | null | undefined): number | null {
  const parsed = attempt(() => parseMemory("", given));
  return parsed.ok && parsed.value > 0 ? parsed.value : null;
}

/** `<currentMemory>` above `<memory>` is cut without a word. */
export const currentAboveMemory: Rule = ({reading: {spec, format}, def}) => {
  const asked = written(spec.currentMemory);
  if (asked === null || asked <= def.total) return [];
  const [current, memory] = format === "xl" ? ["memory", "maxmem"] : ["currentMemory", "memory"];
  return [{
    code: "current-above-memory",
    severity: "warning",
    layer: "target",
    at: "currentMemory",
    what: `${current} asks for ${size(asked)}, which is above ${memory}, ${size(def.total)}.`,
    meaning: `libvirt cuts it to ${size(def.total)} without a word.`,
    action: `Raise ${memory}, or lower ${current}: only ${memory} decides how large the guest can be.`,
    source: SOURCES.postParse
  }];
};

/** NUMA cells that do not add up to `<memory>`. */
export const cellsDisagree: Rule = ({reading: {format}, def, driver}) => {
  const inCells = def.cells.reduce((sum, cell) => sum + cell, 0);
  const initial = initialMemory(def);
  if (inCells === 0 || inCells === initial) return [];
  const meaning = driver === "qemu" && format === "libvirt"
    ? `virsh define stores the cells' sum and the devices instead, ${size(inCells + devicesTotal(def))}; a definition that is already stored keeps its <memory>, and the machine still starts with the cells.`
    : "The two say different things about one machine; the tools differ in which one they take.";
  return [{
    code: "numa-overrides-memory",
    severity: "warning",
    layer: "configured",
    at: "numa",
    what: `The NUMA cells hold ${size(inCells)}, memory without devices is ${size(initial)}.`,
    meaning,
    action: "Make the two agree.",
    source: SOURCES.postParse
  }];
};

/** Decimal units, and sizes that are rounded up to a KiB. */
function unitDraft(name: string, field: string, given: ScaledText | null | undefined): readonly Draft[] {
  const kib = written(given);
  if (!given || kib === null) return [];
  const unit = given.unit ?? "KiB";
  if (/^[kmgtpe]b$/i.test(unit)) {
    return [{
      code: "decimal-unit",
      severity: "warning",
      layer: "configured",
      at: field,
      what: `The unit ${unit} of ${name} counts in thousands: ${given.text} ${unit} are ${kib} KiB.`,
      meaning: `${unit.charAt(0).toUpperCase()}iB and ${unit.charAt(0).toUpperCase()} count in steps of 1024; libvirt rounds up to a whole KiB.`,
      action: `Write ${unit.charAt(0).toUpperCase()}iB, unless thousands are meant.`,
      source: SOURCES.scale
    }];
  }
  return [];
}

/** Sizes of a guest below this, KiB, are no guest's: somebody meant another unit. */
const TINY = 32 * 1024;

function bareDraft(name: string, field: string, given: ScaledText | null | undefined): readonly Draft[] {
  const kib = written(given);
  if (!given || kib === null || kib === 0 || kib >= TINY || given.unit !== null) return [];
  return [{
    code: "bare-number",
    severity: "warning",
    layer: field === "memory" ? "configured" : "target",
    at: field,
    what: `${name} has no unit: ${kib} are KiB.`,
    meaning: "A bare number counts KiB here and in virsh setmem. xl mem-set and QEMU's -m take one for MiB, and so do most people.",
    action: "Write the unit.",
    source: SOURCES.scale
  }];
}

/** A number too small to be a guest's, without a unit. */
export const bareNumbers: Rule = ({reading: {spec, format}}) =>
  format === "libvirt" ? [...bareDraft("<memory>", "memory", spec.memory), ...bareDraft("<currentMemory>", "currentMemory", spec.currentMemory)] : [];

export const decimalUnits: Rule = ({reading: {spec, format}}) => {
  if (format !== "libvirt") return [];
  return [
    ...unitDraft("<memory>", "memory", spec.memory),
    ...unitDraft("<currentMemory>", "currentMemory", spec.currentMemory),
    ...unitDraft("<maxMemory>", "maxMemory", spec.maxMemory),
    ...unitDraft("<hard_limit>", "hard_limit", spec.hardLimit),
    ...unitDraft("<soft_limit>", "soft_limit", spec.softLimit),
    ...unitDraft("<swap_hard_limit>", "swap_hard_limit", spec.swapHardLimit)
  ];
};

/** QEMU's sizes go up to a whole MiB at start; the definition keeps its own. */
export const roundedAtStart: Rule = ({reading: {format}, def, driver}) => {
  if (driver !== "qemu" || format !== "libvirt") return [];
  const aligned = attempt(() => alignForQemu(def));
  if (!aligned.ok) {
    return [{code: "overflow-at-start", severity: "error", layer: "configured", at: "memory", what: aligned.error.message, meaning: "The domain can be defined and never started.", action: "Give a smaller size.", source: SOURCES.align}];
  }
  if (aligned.value.total === def.total) return [];
  return [{
    code: "rounded-at-start",
    severity: "note",
    layer: "configured",
    at: "memory",
    what: `The definition says ${size(def.total)}; the machine starts with ${size(aligned.value.total)}.`,
    meaning: "The QEMU driver rounds memory and NUMA cells up to 1 MiB and memory devices to 2 MiB (256 MiB on 64-bit PowerPC).",
    action: "",
    source: SOURCES.align
  }];
};

/** A target below the size: who has to reach it, and how. */
export const targetBelowMemory: Rule = ({reading: {format}, def, driver}) => {
  if (driver !== "qemu" || format === "qemu" || def.current >= def.total) return [];
  const gap = size(def.total - def.current);
  if (!hasBalloon(def)) {
    return [{
      code: "target-without-balloon",
      severity: "warning",
      layer: "target",
      at: "currentMemory",
      what: `currentMemory is ${gap} below memory, and there is no balloon device.`,
      meaning: "Nothing can take that memory away: the guest has all of it, and setmem is refused.",
      action: "Add <memballoon model='virtio'/>, or make memory smaller.",
      source: SOURCES.setMemory
    }];
  }
  return [{
    code: "boots-with-all",
    severity: "note",
    layer: "target",
    at: "currentMemory",
    what: `The guest starts with ${size(def.total)} and is asked to give ${gap} back.`,
    meaning: "It shrinks only when its balloon driver loads, and only as far as it can spare. The host must be able to hold the whole size until then; the target is a request and no limit.",
    action: "For a size the guest cannot exceed, lower memory. Check actual in virsh dommemstat after the start.",
    source: SOURCES.start
  }];
};

/** No balloon: the size is fixed. */
export const fixedSize: Rule = ({def, driver}) =>
  driver === "qemu" && !hasBalloon(def) && def.current >= def.total
    ? [{
        code: "no-balloon",
        severity: "note",
        layer: "current",
        at: "balloon",
        what: "There is no balloon device.",
        meaning: "The guest keeps what it booted with; virsh setmem is refused while it runs, and dommemstat shows rss alone.",
        action: "Add a virtio balloon to change its size while it runs.",
        source: SOURCES.setMemory
      }]
    : [];

/** Room for memory devices that the guest does not have yet. */
export const hotplugRoom: Rule = ({def, driver, reading: {spec}}) => {
  if (def.max === 0) return [];
  const notes: Draft[] = [{
    code: "max-is-room",
    severity: "note",
    layer: "configured",
    at: "maxMemory",
    what: `maxMemory leaves room for ${size(def.max - def.total)} of memory devices.`,
    meaning: "It is room, not memory: setmem cannot use it, only a device that is attached can. It lies outside of the map the firmware shows at boot.",
    action: "",
    source: SOURCES.postParse
  }];
  if (driver === "qemu" && def.slots === 0) {
    notes.push({
      code: "max-without-slots",
      severity: "note",
      layer: "configured",
      at: "maxMemory",
      what: spec.maxMemory?.slots ? "maxMemory has no slots." : "maxMemory does not say how many slots there are.",
      meaning: "libvirt 9.0.0 refuses that; newer releases take it, for devices that need no slot.",
      action: "Give slots where DIMMs are to be plugged in.",
      source: SOURCES.postParse
    });
  }
  return notes;
};

export const sizeRules: readonly Rule[] = [currentAboveMemory, cellsDisagree, bareNumbers, decimalUnits, roundedAtStart, targetBelowMemory, fixedSize, hotplugRoom];
