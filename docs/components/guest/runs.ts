import {bootFlat} from "../../../src/guest/boot/flat-boot.ts";
import {cgroupOutcome, processOutcome, totalAfterBalloon, type BeforeAct} from "../../../src/guest/flat-acts.ts";
import {kib, mib, mibToKib} from "../../../src/units.ts";
import {of} from "./sample.ts";
import type {Measured, Session} from "./session.ts";

/** One thing that is done to the guest; sizes in MiB. */
export type Act =
  | {readonly kind: "balloon"; readonly size: number}
  | {readonly kind: "process"; readonly size: number}
  | {readonly kind: "cgroup"; readonly limit: number; readonly size: number}
  | {readonly kind: "swap"; readonly size: number}
  | {readonly kind: "read"; readonly size: number}
  | {readonly kind: "drop"};

/** A number of which the model says something and the guest says something. */
export interface Compared {
  readonly what: string;
  readonly unit: "KiB" | "kills" | "";
  readonly predicted: number | string;
  readonly measured: number | string;
}

export interface Done {
  readonly act: Act;
  /** What was typed, or asked of the device. */
  readonly said: string;
  /** What the guest's console answered. */
  readonly answer: string;
  readonly after: Measured;
  readonly compared: readonly Compared[];
}

/** How a guest was booted. */
export interface Machine {
  readonly memory: number;
  readonly deflateOnOom: boolean;
}

export interface GuidedRun extends Machine {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  /** What a reader may expect; the first is what happens. */
  readonly answers: readonly [string, ...string[]];
  readonly acts: readonly Act[];
  readonly lesson: string;
}

const KIB_PER_MIB = 1024;

/** The experiments of the 2009 mails and what later kernels added, on a guest small enough for a browser. */
export const runs: readonly GuidedRun[] = [
  {
    id: "steps", title: "setmem down, and back up", memory: 256, deflateOnOom: false,
    question: "The balloon takes 64 MiB, 128 MiB, and gives all back. What does free call “total”?",
    answers: ["It falls by exactly what the balloon holds, and returns", "It stays: the memory map has not changed", "It falls and stays down until a reboot"],
    acts: [{kind: "balloon", size: 64}, {kind: "balloon", size: 128}, {kind: "balloon", size: 0}],
    lesson: "MemTotal moves page by page with the balloon. The map that dmesg prints is from boot and has not moved."
  },
  {
    id: "refused", title: "A process that does not fit", memory: 80, deflateOnOom: false,
    question: "The balloon holds 32 MiB of 80. A process then writes to 40 MiB. Who gives way?",
    answers: ["The process: the kernel kills it, the balloon keeps its pages", "The balloon: it gives back what the process needs", "The host: it lends more memory"],
    acts: [{kind: "balloon", size: 32}, {kind: "process", size: 40}, {kind: "balloon", size: 0}],
    lesson: "Without deflate-on-oom the balloon's pages are out of the kernel's reach, and it kills instead."
  },
  {
    id: "granted", title: "The same with deflate-on-oom", memory: 80, deflateOnOom: true,
    question: "The device offers deflate-on-oom. The balloon holds 32 MiB of 80 and a process writes to 40 MiB. Who gives way?",
    answers: ["The balloon: the process lives", "The process: the kernel kills it", "Neither: the kernel panics"],
    acts: [{kind: "balloon", size: 32}, {kind: "process", size: 40}, {kind: "balloon", size: 0}],
    lesson: "With deflate-on-oom the balloon is the guest's last reserve, and its pages stay counted in MemTotal: free shows them as used."
  },
  {
    id: "cgroup", title: "A hard limit inside", memory: 80, deflateOnOom: false,
    question: "A process needs 12 MiB in a cgroup of 8 MiB. How much does it get?",
    answers: ["8 MiB to the byte, then it is killed", "12 MiB, since the guest has room", "Nothing: it is refused at once"],
    acts: [{kind: "cgroup", limit: 8, size: 12}],
    lesson: "memory.max is never passed: memory.peak stands at the limit, to the byte."
  },
  {
    id: "cgroup-swap", title: "The same with swap", memory: 80, deflateOnOom: false,
    question: "Swap is on. The process needs 12 MiB in its cgroup of 8 MiB. How much memory does it have at most?",
    answers: ["8 MiB, the rest in swap, and it lives", "12 MiB", "8 MiB, and it is killed"],
    acts: [{kind: "swap", size: 16}, {kind: "cgroup", limit: 8, size: 12}],
    lesson: "A limit on memory is not a limit on the process: what does not fit is swapped, and it goes on, slowly."
  }
];

/** What an act is in words the guest understands; null for the device, which the host moves. */
export function commandOf(act: Act): string | null {
  switch (act.kind) {
    case "balloon": return null;
    case "process": return `hog ${act.size} 0`;
    case "cgroup": return `limit ${act.limit} hog ${act.size} 0`;
    case "swap": return `swap ${act.size}`;
    case "read": return `readdisk ${act.size}`;
    case "drop": return "drop";
  }
}

export const beforeOf = ({sample, held}: Measured, deflateOnOom: boolean): BeforeAct => ({
  memTotal: kib(of(sample, "MemTotal")),
  memFree: kib(of(sample, "MemFree")),
  reclaimable: kib(of(sample, "Buffers")),
  swapFree: kib(of(sample, "SwapFree")),
  balloon: kib(held.actual * 4),
  deflateOnOom
});

const outcome = (killed: boolean): string => (killed ? "killed" : "lives");

interface Seen {
  readonly memory: number;
  readonly before: BeforeAct;
  readonly from: Measured;
  readonly after: Measured;
  readonly answer: string;
}

/** MemTotal by the model, for this machine with a balloon of `size` MiB; it does not look at the guest. */
const totalOf = (memory: number, deflateOnOom: boolean, size: number): number =>
  totalAfterBalloon({memTotal: bootFlat(mib(memory)).memTotal, balloon: kib(0), deflateOnOom}, mibToKib(mib(size)));

function compare(act: Act, {memory, before, from, after: {sample}, answer}: Seen): Compared[] {
  const total = {what: "MemTotal", unit: "KiB"} as const;
  const kills = of(sample, "oom_kill") - of(from.sample, "oom_kill");
  switch (act.kind) {
    case "balloon":
      return [{...total, predicted: totalOf(memory, before.deflateOnOom, act.size), measured: of(sample, "MemTotal")}];
    case "process": {
      const {lives} = processOutcome(before, mibToKib(mib(act.size)));
      return [{what: "the process", unit: "", predicted: outcome(!lives), measured: outcome(!answer.includes("holds"))}, {what: "OOM kills", unit: "kills", predicted: lives ? 0 : 1, measured: kills}];
    }
    case "cgroup": {
      const {peak, killed} = cgroupOutcome({limit: mibToKib(mib(act.limit)), need: mibToKib(mib(act.size)), swapFree: before.swapFree});
      const reached = of(sample, "cgroup.peak") / KIB_PER_MIB;
      return [...(peak === null ? [] : [{what: "memory.peak", unit: "KiB", predicted: peak, measured: reached} as const]), {what: "the process", unit: "", predicted: outcome(killed), measured: outcome(of(sample, "cgroup.oom_kill") > 0)}];
    }
    default:
      return [{...total, predicted: before.memTotal, measured: of(sample, "MemTotal")}];
  }
}

/** Does one act and compares what the model said before it with what the guest says after. */
export async function perform(session: Session, act: Act, {memory, deflateOnOom}: Machine): Promise<Done> {
  const from = await session.sample();
  const before = beforeOf(from, deflateOnOom);
  const command = commandOf(act);
  const answer = command === null ? "" : await session.command(command);
  const after = act.kind === "balloon" ? await session.balloon(act.size) : await session.sample();
  const said = command ?? `balloon: hold ${act.kind === "balloon" ? act.size : 0} MiB`;
  return {act, said, answer: answer.trim(), after, compared: compare(act, {memory, before, from, after, answer})};
}

/** What the model says of the guest that has just booted. */
export const bootCompared = (memory: number, {sample}: Measured): Compared => ({what: "MemTotal after boot", unit: "KiB", predicted: bootFlat(mib(memory)).memTotal, measured: of(sample, "MemTotal")});

/** Each act in turn; `told` hears of each as it is done. */
export async function guide(session: Session, run: GuidedRun, told: (done: Done) => void): Promise<readonly Done[]> {
  const all: Done[] = [];
  for (const act of run.acts) {
    const done = await perform(session, act, run);
    all.push(done);
    told(done);
  }
  return all;
}
