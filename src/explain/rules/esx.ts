import {scanSigned} from "../../domain/libvirt/c-integer.ts";
import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft, Rule, Subject} from "../types.ts";

/** A MiB value of the file, or null when it is absent, unlimited or no number. */
function megabytes({reading: {values}}: Subject, key: string): number | null {
  const raw = values.get(key);
  const number = raw ? scanSigned(raw.text) : null;
  return number?.rest === "" && number.value >= 0n && number.value < 2n ** 43n ? Number(number.value) : null;
}

const spanOf = ({reading: {values}}: Subject, key: string): Draft["at"] => values.get(key)?.span ?? null;
/** The words of the format the reader has before them. */
const words = ({reading: {format}}: Subject): readonly [limit: string, memory: string] => (format === "vmx" ? ["sched.mem.max", "memsize"] : ["currentMemory", "memory"]);

/** A limit below the size: the guest never learns of it. */
export const limitBelowSize: Rule = (subject) => {
  const {def, driver} = subject;
  if (driver !== "esx" || def.current >= def.total) return [];
  const [limit, memory] = words(subject);
  return [{
    code: "limit-below-size",
    severity: "warning",
    layer: "backing",
    at: "currentMemory",
    what: `${limit} is a limit of ${size(def.current)} on ${memory}, ${size(def.total)}.`,
    meaning: `The guest sees ${size(def.total)} and sizes its caches for that. The host treats it as short of memory even when memory is free: it balloons first, up to 65 % of the size, then compresses, then swaps. A balloon that stays flat near that share has reached its cap. virsh setmem sets this same limit.`,
    action: `Take the limit out; make ${memory} smaller if the guest should be smaller. A template's limit is copied to every clone.`,
    source: SOURCES.esxLimit
  }];
};

/** A limit of 0 is no limit to libvirt. */
export const zeroLimit: Rule = (subject) =>
  megabytes(subject, "sched.mem.max") === 0
    ? [{
        code: "zero-limit",
        severity: "warning",
        layer: "backing",
        at: spanOf(subject, "sched.mem.max"),
        what: "sched.mem.max is 0.",
        meaning: "libvirt reads that as no currentMemory and takes the whole size; unlimited is -1 or no line at all.",
        action: "Take the line out for no limit.",
        source: SOURCES.vmx
      }]
    : [];

/** What is promised, and what that costs the host. */
export const reservation: Rule = (subject) => {
  const {def, driver, reading} = subject;
  if (driver !== "esx") return [];
  const reserved = def.limits.minGuarantee;
  const drafts: Draft[] = [];
  if (reserved > def.current) {
    drafts.push({
      code: "reservation-above-limit",
      severity: "error",
      layer: "backing",
      at: "min_guarantee",
      what: `The reservation, ${size(reserved)}, is above the limit, ${size(def.current)}.`,
      meaning: "The API demands that a limit is at least the reservation.",
      action: "Raise the limit or lower the reservation.",
      source: SOURCES.esxLock
    });
  }
  if (reserved > 0) {
    drafts.push({
      code: "reservation-is-kept",
      severity: "note",
      layer: "backing",
      at: "min_guarantee",
      what: `${size(reserved)} are reserved.`,
      meaning: `The host must have them free at power-on. What the guest has touched of them is never taken back, even when idle${reading.mentions.some(({what}) => what === "windows") ? "; Windows touches all its memory at boot" : ""}. The swap file is as large as the rest, ${size(def.total - Math.min(reserved, def.total))}.`,
      action: "",
      source: SOURCES.esxReserve
    });
  }
  return drafts;
};

/** Ballooning needs swap in the guest. */
export const guestSwap: Rule = ({def, driver}) => {
  const gap = def.total - def.limits.minGuarantee;
  if (driver !== "esx" || gap <= 0) return [];
  return [{
    code: "guest-needs-swap",
    severity: "note",
    layer: "current",
    at: "memory",
    what: `The host may take up to ${size(gap)} of this guest's memory away.`,
    meaning: "Ballooning is safe only when the guest has at least that much swap of its own. A guest without swap, such as most Kubernetes nodes, meets its out-of-memory killer instead.",
    action: "Give the guest swap, or reserve its memory.",
    source: SOURCES.esxSwap
  }];
};

/** Keys of the file that libvirt does not read. */
export const otherKeys: Rule = (subject) => {
  const {reading: {values}, def} = subject;
  const drafts: Draft[] = [];
  const put = (key: string, draft: Omit<Draft, "at" | "layer">): void => void drafts.push({...draft, at: spanOf(subject, key), layer: "backing"});
  const min = megabytes(subject, "sched.mem.min");
  if (min !== null && min > 0 && min !== megabytes(subject, "sched.mem.minsize")) {
    put("sched.mem.min", {code: "libvirt-ignores-min", severity: "warning", what: `sched.mem.min reserves ${min} MiB.`, meaning: "It is the reservation in force. libvirt reads and writes sched.mem.minsize only, so it does not see this one.", action: "Read the reservation from vSphere.", source: SOURCES.vmx});
  }
  const pin = values.get("sched.mem.pin");
  if (pin?.text.toLowerCase() === "true") {
    const isWhole = min === def.total / 1024;
    put("sched.mem.pin", {code: "all-locked", severity: isWhole ? "note" : "warning", what: isWhole ? "All memory is reserved and locked." : "Memory is locked, and sched.mem.min is not the whole size.", meaning: "The reservation has to follow the size: making the machine larger is refused when the host cannot reserve more, and taking the lock off leaves the reservation where it is.", action: isWhole ? "" : "Set sched.mem.min to memsize.", source: SOURCES.esxLock});
  }
  const cap = megabytes(subject, "sched.mem.maxmemctl");
  if (cap !== null) {
    put("sched.mem.maxmemctl", cap === 0
      ? {code: "balloon-disabled", severity: "warning", what: "The balloon is turned off.", meaning: "That removes the only way of reclaiming in which the guest chooses the pages. Compression and swapping of pages picked at random are next.", action: "Take the line out; use a reservation for a guest that must not be touched.", source: SOURCES.esxBalloon}
      : {code: "balloon-capped", severity: "note", what: `The balloon is capped at ${cap} MiB.`, meaning: "Beyond that the host compresses and swaps.", action: "", source: SOURCES.esxBalloon});
  }
  if (values.has("sched.mem.shares")) {
    put("sched.mem.shares", {code: "shares", severity: "note", what: `Shares are ${values.get("sched.mem.shares")?.text.slice(0, 40) ?? ""}.`, meaning: "They count only while memory is short, and only among siblings. libvirt neither reads nor writes them.", action: "", source: SOURCES.esxShares});
  }
  const salt = [...values.keys()].find((key) => key.startsWith("sched.mem.pshare."));
  if (salt !== undefined) {
    put(salt, {code: "page-sharing", severity: "note", what: `${salt} is set.`, meaning: "Since 2015 pages are shared between machines only when they have the same salt; by default each has its own, and sharing stays inside one machine.", action: "", source: SOURCES.esxSharing});
  }
  return drafts;
};

/** A size of no whole 4 MiB comes out of libvirt as a limited machine. */
export const oddSize: Rule = ({def, driver, reading: {format}}) =>
  driver === "esx" && format === "libvirt" && def.total % 4096 !== 0
    ? [{
        code: "odd-size-becomes-limit",
        severity: "warning",
        layer: "backing",
        at: "memory",
        what: `memory, ${size(def.total)}, is not a multiple of 4 MiB.`,
        meaning: "memsize is rounded up to 4 MiB, and currentMemory is compared with the rounded size: the machine comes out with a limit that nobody asked for.",
        action: "Use a multiple of 4096 KiB.",
        source: SOURCES.vmx
      }]
    : [];

export const esxRules: readonly Rule[] = [limitBelowSize, zeroLimit, reservation, guestSwap, otherKeys, oddSize];
