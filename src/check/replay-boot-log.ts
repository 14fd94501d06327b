import type {E820Entry} from "../domain/memory-map/types.ts";
import type {BootState} from "../guest/boot/types.ts";
import {list} from "./read.ts";
import type {Collector, Recording} from "./types.ts";

const hex = (value: number): string => value.toString(16).padStart(16, "0");
const range = (start: number, end: number): string => `[mem 0x${hex(start)}-0x${hex(end)}]`;
const short = (start: number, end: number): string => `[mem 0x${start.toString(16).padStart(8, "0")}-0x${end.toString(16).padStart(8, "0")}]`;

const e820Line = ({start, end, type}: E820Entry): string => `BIOS-e820: ${range(start, end)} ${type}`;

function normalZoneLine(boot: BootState): string {
  const zone = boot.zones.find((one) => one.zone === "Normal");
  return zone ? `  Normal   ${range(zone.startPfn * 4096, (zone.startPfn + zone.spanned) * 4096 - 1)}` : "  Normal   empty";
}

/** Address ranges without RAM, in whole pages, between and before the ranges that have some. */
function holes(boot: BootState): string[] {
  const ram = boot.map.e820.filter(({type}) => type === "usable").map(({start, end}) => ({start: Math.max(start, 4096), end: Math.floor((end + 1) / 4096) * 4096}));
  const ends = [0, ...ram.map(({end}) => end)];
  return ram.map(({start}, i) => `PM: hibernation: Registered nosave memory: ${short(Number(ends[i]), start - 1)}`);
}

const NO_SUCH_LINE = "(no such line)";

/** A boot line the model can write itself, or null. Numbers inside are checked apart. */
function predictedLine(line: string, boot: BootState, e820Index: number): string | null {
  if (line.startsWith("BIOS-e820:")) {
    const entry = boot.map.e820[e820Index];
    return entry ? e820Line(entry) : NO_SUCH_LINE;
  }
  if (line.startsWith("  Normal ")) return normalZoneLine(boot);
  if (line.startsWith("PM: hibernation:")) return holes(boot).includes(line) ? line : NO_SUCH_LINE;
  if (line.startsWith("Policy zone:")) return `Policy zone: ${String(boot.zones.at(-1)?.zone)}`;
  return null;
}

/** Pages the kernel counts as RAM, KiB: the second number of its `Memory:` line. */
const presentKib = (boot: BootState): number => boot.zones.reduce((sum, {present}) => sum + present, 0) * 4;
const bounceMiB = (boot: BootState): number => (boot.terms.find(({key}) => key === "bounce-buffer")?.size ?? 0) / 1024;

function replayNumbers(line: string, path: string, boot: BootState, found: Collector): void {
  const memory = /^Memory: \d+K\/(\d+)K available/.exec(line);
  const bounce = /^software IO TLB: mapped .* \((\d+)MB\)$/.exec(line);
  if (memory) found.exact(`${path}.presentKiB`, presentKib(boot), Number(memory[1]));
  else if (bounce) found.exact(`${path}.sizeMiB`, bounceMiB(boot), Number(bounce[1]));
  else if (line.startsWith("software IO TLB: area")) found.cannot(path, "wording of a line without a size");
  else if (line.startsWith("PCI-DMA: Using software bounce")) found.exact(`${path}.bounceBuffer`, bounceMiB(boot) > 0, true);
  else found.cannot(path, "no rule for this boot line");
}

/** The recorded boot lines: those the model can write are compared as text, numbers of others one by one. */
export function replayBootLog(recording: Recording, boot: BootState, found: Collector): void {
  let e820Index = 0;
  list(recording.raw["dmesg"], "dmesg").forEach((line, i) => {
    if (typeof line !== "string") return;
    const path = `dmesg[${i}]`;
    const predicted = predictedLine(line, boot, e820Index);
    if (line.startsWith("BIOS-e820:")) e820Index += 1;
    if (predicted === null) replayNumbers(line, path, boot, found);
    else found.exact(path, predicted, line);
  });
}
