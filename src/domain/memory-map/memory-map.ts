import {bytes, type Bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import {firmwareRanges} from "./firmware.ts";
import {hotplugEnd} from "./hotplug.ts";
import {splitRam} from "./split.ts";
import type {E820Entry, FirmwareRange, MemoryMap, RamSplit} from "./types.ts";

/** A PC has RAM up to 640 KiB, and again from 1 MiB. */
const LOW_RAM_END = 0xa0000;
const ONE_MIB = 0x100000;

interface Span {
  readonly start: number;
  readonly end: number;
}

const ramSpans = (split: RamSplit): Span[] => [
  {start: 0, end: Math.min(LOW_RAM_END, split.below4g)},
  {start: ONE_MIB, end: split.below4g},
  {start: split.highBase, end: split.highBase + split.above4g}
];

/** What is left of a span once a range is cut out of it. */
const cut = (span: Span, {start, end}: Span): Span[] =>
  start >= span.end || end <= span.start ? [span] : [{start: span.start, end: start}, {start: end, end: span.end}].filter((part) => part.end > part.start);

const without = (span: Span, ranges: readonly FirmwareRange[]): Span[] => ranges.reduce<Span[]>((parts, range) => parts.flatMap((part) => cut(part, range)), [span]).filter((part) => part.end > part.start);

const sumUsable = (entries: readonly E820Entry[]): Bytes =>
  bytes(entries.reduce((sum, {start, end, type}) => sum + (type === "usable" ? end - start + 1 : 0), 0));

/**
 * The memory map a guest boots with: RAM laid out by the board, less what the
 * firmware keeps. Entries are sorted and do not overlap.
 * @throws ModelError `unknown-firmware` (see `firmwareRanges`).
 */
export function memoryMap(machine: Machine): MemoryMap {
  const split = splitRam(machine);
  const kept = firmwareRanges(machine, split);
  const usable = ramSpans(split)
    .flatMap((span) => without(span, kept))
    .map(({start, end}): E820Entry => ({start: bytes(start), end: bytes(end - 1), type: "usable", source: split.source}));
  const firmware = kept.map(({start, end, type, source}): E820Entry => ({start, end: bytes(end - 1), type, source}));
  const e820 = [...usable, ...firmware].sort((a, b) => a.start - b.start);
  return Object.freeze({split, e820: Object.freeze(e820), hotplugEnd: hotplugEnd(machine, split), usable: sumUsable(e820)});
}
