import {UNLIMITED, initialMemory} from "../../domain/libvirt/domain-def.ts";
import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft, Rule} from "../types.ts";

const isSet = (limit: number): boolean => limit < UNLIMITED;

/** `<hard_limit>` caps the whole process, not the guest. */
export const hardLimit: Rule = ({def, driver}) => {
  const {hard} = def.limits;
  if (!isSet(hard) || (driver !== "qemu" && driver !== "lxc")) return [];
  const base = {layer: "backing" as const, at: "hard_limit", source: SOURCES.memtune};
  if (hard === 0) {
    return [{...base, code: "zero-limit", severity: "error", what: "hard_limit is 0.", meaning: "Since libvirt 1.2.14 0 is a real limit and does not mean unlimited: nothing may be used.", action: "Leave the element out for no limit."}];
  }
  if (driver === "lxc") {
    return [{...base, code: "limit-overrides-memory", severity: "note", what: `hard_limit is ${size(hard)}.`, meaning: "For a container it replaces memory as the limit of its cgroup.", action: "Make the two agree, so that dominfo tells the truth.", source: SOURCES.lxc}];
  }
  if (hard <= def.total) {
    return [{
      ...base,
      code: "limit-below-memory",
      severity: "error",
      what: `hard_limit is ${size(hard)}, the guest can use ${size(def.total)}.`,
      meaning: "The limit counts guest memory, video memory and QEMU's own. When the guest has touched that much, the host reclaims and swaps; when that does not help, it kills the whole machine. The guest sees nothing of the limit.",
      action: "Take the limit out, or leave room above memory for QEMU itself; how much is not known beforehand."
    }];
  }
  return [{
    ...base,
    code: "hard-limit",
    severity: "warning",
    what: `hard_limit leaves ${size(hard - def.total)} above the guest's memory for QEMU itself.`,
    meaning: "What QEMU needs is not known beforehand; when the guess is too low, the kernel kills the machine. libvirt's own automatic limit was withdrawn for that reason, and its manual advises against one.",
    action: "Take it out, unless memory is locked."
  }];
};

/** A limit no larger than the target: asked and enforced with one number. */
export const limitAtTarget: Rule = ({def, driver}) => {
  const {hard} = def.limits;
  if (driver !== "qemu" || !isSet(hard) || hard === 0 || hard > def.current || def.current >= def.total) return [];
  return [{
    code: "limit-at-target",
    severity: "error",
    layer: "backing",
    at: "hard_limit",
    what: `hard_limit, ${size(hard)}, is not above currentMemory, ${size(def.current)}.`,
    meaning: "A guest that keeps to its target to the last page fills the limit, and QEMU's own memory has no room beside it: the machine that obeyed is swapped or killed. Before its driver loads the guest may also use all of memory.",
    action: "Leave room above the target, or leave the limit out.",
    source: SOURCES.memtune
  }];
};

/** `<soft_limit>` changed its meaning with cgroup v2. */
export const softLimit: Rule = ({def, driver}) => {
  const {soft} = def.limits;
  if (!isSet(soft) || (driver !== "qemu" && driver !== "lxc")) return [];
  return [{
    code: "soft-limit-v2",
    severity: soft < initialMemory(def) ? "warning" : "note",
    layer: "backing",
    at: "soft_limit",
    what: `soft_limit is ${size(soft)}.`,
    meaning: "With cgroup v1 it matters only while the host is short of memory. With v2 libvirt writes it to memory.high, which throttles and reclaims at all times.",
    action: "Look at which version the host mounts before relying on it.",
    source: SOURCES.cgroup
  }];
};

/** `<swap_hard_limit>` means memory and swap on v1, swap alone on v2. */
export const swapLimit: Rule = ({def, driver}) => {
  const {hard, swapHard} = def.limits;
  if (!isSet(swapHard) || (driver !== "qemu" && driver !== "lxc")) return [];
  const drafts: Draft[] = [{
    code: "swap-limit-v2",
    severity: "warning",
    layer: "backing",
    at: "swap_hard_limit",
    what: `swap_hard_limit is ${size(swapHard)}.`,
    meaning: `libvirt documents it as memory and swap together, and with cgroup v1 it is${isSet(hard) && swapHard >= hard ? `: ${size(swapHard - hard)} of swap` : ""}. With v2 the same number is written to memory.swap.max, which is swap alone: ${size(swapHard)} of swap.`,
    action: "Work the number out for the version the host mounts.",
    source: SOURCES.cgroup
  }];
  if (hard > swapHard) {
    drafts.push({
      code: "limits-out-of-order",
      severity: "error",
      layer: "backing",
      at: "swap_hard_limit",
      what: isSet(hard) ? `hard_limit, ${size(hard)}, is above swap_hard_limit, ${size(swapHard)}.` : "swap_hard_limit is set and hard_limit is not.",
      meaning: "virsh memtune refuses that, and cgroup v1 demands that memory's limit is at most that of memory and swap.",
      action: "Set hard_limit to at most swap_hard_limit.",
      source: SOURCES.limits
    });
  }
  return drafts;
};

/** A guarantee that no driver but ESX keeps. */
export const guarantee: Rule = ({def, driver, reading: {format}}) => {
  const {minGuarantee} = def.limits;
  if (minGuarantee === 0 || format === "vmx" || driver === "esx" || driver === "qemu") return [];
  return [{
    code: "guarantee-ignored",
    severity: "warning",
    layer: "backing",
    at: "min_guarantee",
    what: `min_guarantee is ${size(minGuarantee)}.`,
    meaning: "Of libvirt's drivers only ESX and OpenVZ act on it; this one does not, and nothing is guaranteed.",
    action: "Take it out.",
    source: SOURCES.limits
  }];
};

/** A container's memory is a limit of the host; currentMemory is not used at start. */
export const container: Rule = ({def, driver}) => {
  if (driver !== "lxc") return [];
  const drafts: Draft[] = [{
    code: "container-limit",
    severity: "note",
    layer: "backing",
    at: "memory",
    what: `memory, ${size(def.total)}, is a limit of the container's cgroup.`,
    meaning: "There is no balloon and no machine: setmem changes the limit, and a process that goes over it is reclaimed from and then killed.",
    action: "",
    source: SOURCES.lxc
  }];
  if (def.current < def.total) {
    drafts.push({
      code: "container-current-ignored",
      severity: "warning",
      layer: "backing",
      at: "currentMemory",
      what: `currentMemory is ${size(def.current)}.`,
      meaning: "The container starts with memory as its limit; currentMemory is not applied at start.",
      action: "Set memory, or run virsh setmem after the start.",
      source: SOURCES.lxc
    });
  }
  return drafts;
};

export const limitRules: readonly Rule[] = [hardLimit, limitAtTarget, softLimit, swapLimit, guarantee, container];
