import {hasBalloon} from "../../domain/libvirt/domain-def.ts";
import type {Mentioned} from "../../domain/formats/reading.ts";
import {SOURCES} from "../sources.ts";
import type {Draft, Rule, Subject} from "../types.ts";

const isQemuBalloon = ({def, driver}: Subject): boolean => driver === "qemu" && hasBalloon(def);

/** With deflate-on-oom MemTotal stays, and the guest may take memory back. */
export const autodeflate: Rule = (subject) => {
  if (!isQemuBalloon(subject) || !subject.def.balloon.autodeflate) return [];
  const hasTarget = subject.def.current < subject.def.total;
  return [{
    code: "deflate-on-oom",
    severity: hasTarget ? "warning" : "note",
    layer: "current",
    at: "balloon",
    what: "The balloon deflates when the guest runs out of memory.",
    meaning: "Then MemTotal does not follow the balloon: the guest always shows its whole size, and ballooned pages look used by nobody. What it takes back in need it keeps until the host sends a target again.",
    action: "Read actual in dommemstat, not the guest's total; send the target again when the need is over.",
    source: SOURCES.balloon
  }];
};

/** Free page reporting returns pages without a target. */
export const reporting: Rule = (subject) =>
  isQemuBalloon(subject) && subject.def.balloon.freePageReporting
    ? [{
        code: "free-page-reporting",
        severity: "note",
        layer: "backing",
        at: "balloon",
        what: "The guest reports free pages, and the host takes them back.",
        meaning: "Backing falls a few seconds after the guest frees memory. Current and MemTotal do not move; the guest may touch the pages again at any time, so nothing is saved for sure.",
        action: "",
        source: SOURCES.balloon
      }]
    : [];

interface Hindrance {
  readonly code: string;
  readonly what: string;
  readonly meaning: string;
  readonly action: string;
}

const HINDRANCES: Partial<Record<Mentioned, Hindrance>> = {
  vfio: {
    code: "balloon-with-assigned-device",
    what: "A device is passed through and there is a balloon.",
    meaning: "All guest memory is pinned while a device may write to it: the guest loses the pages it balloons and the host gets nothing back.",
    action: "Do not balloon this guest."
  },
  hugepages: {
    code: "balloon-with-large-pages",
    what: "Guest memory is backed by huge pages and there is a balloon.",
    meaning: "A huge page goes back to the host only when all of it was ballooned in one message; QEMU warns that it may not be reliable.",
    action: "Expect backing to stay where it is."
  },
  locked: {
    code: "balloon-with-locked-memory",
    what: "Guest memory is locked and there is a balloon.",
    meaning: "Locked memory is backed from the start; the host cannot swap it, and what a balloon gives back is not in this model.",
    action: "Measure rss before and after."
  }
};

/** Things beside which a balloon gives the host little or nothing. */
export const hindered: Rule = (subject) => {
  if (!isQemuBalloon(subject)) return [];
  const seen = new Set<Mentioned>();
  return subject.reading.mentions.flatMap(({what, span}): readonly Draft[] => {
    const hindrance = HINDRANCES[what];
    if (!hindrance || seen.has(what)) return [];
    seen.add(what);
    const hasTarget = subject.def.current < subject.def.total;
    return [{...hindrance, severity: hasTarget ? "warning" : "note", layer: "backing", at: span, source: SOURCES.balloonHost}];
  });
};

/** Locked memory and a limit have to fit. */
export const lockedWithoutLimit: Rule = ({reading: {mentions}, driver}) => {
  const locked = mentions.find(({what}) => what === "locked");
  if (!locked || driver !== "qemu") return [];
  return [{
    code: "locked",
    severity: "note",
    layer: "backing",
    at: locked.span,
    what: "All guest memory is locked.",
    meaning: "The host backs the whole machine at once and can neither swap nor merge it: backing is configured, plus QEMU's own.",
    action: "Count the whole of it against the host's memory.",
    source: SOURCES.memtune
  }];
};

export const balloonRules: readonly Rule[] = [autodeflate, reporting, hindered, lockedWithoutLimit];
