import {ModelError} from "../../../src/errors.ts";
import type {Explanation} from "../../../src/explain/types.ts";
import type {EventSpec} from "../../../src/simulation/events.ts";
import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";
import {simulate} from "../../../src/simulation/simulate.ts";
import {simulateXen} from "../../../src/simulation/xen/simulate-xen.ts";
import {kib, seconds, type KiB} from "../../../src/units.ts";
import {remember} from "../case/remember.ts";
import type {CaseRun} from "../case/run.ts";

/** Seconds of the run. */
export const END = 24;
/** The driver loads, a process writes all it can get, the process ends. */
export const DRIVER_AT = 2;
export const WRITES_AT = 10;
export const ENDS_AT = 18;
/** The moment that is shown first: the guest has settled, and nothing else has happened. */
export const SETTLED_AT = 9;

/** Of what is free, the part the process takes: a guest that is filled to the brim is another story. */
const SHARE = 0.9;
/** Above a limit on ESX the host swaps at its own speed: a fifth more than the limit tells the story in time. */
const OVER_LIMIT = 1.2;
/** The emulated QEMU of the recordings; what another one needs is not known beforehand. */
const QEMU_OWN = kib(68 * 1024);
/** Speeds follow the size, so that a large machine tells the same story in the same time. */
const inSeconds = (size: number, time: number): number => Math.max(256 * 1024, size) / time;

/** All that a run depends on, KiB. */
interface LiveSpec {
  readonly driver: "qemu" | "xen" | "esx";
  readonly memory: KiB;
  readonly target: KiB;
  readonly board: string | null;
  readonly guestType: "pv" | "pvh" | "hvm";
  readonly balloon: {readonly deflateOnOom: boolean; readonly freePageReporting: boolean} | null;
  readonly hard: KiB | null;
  readonly soft: KiB | null;
  readonly limit: KiB | null;
  readonly reserved: KiB;
}

export interface Live {
  readonly run: CaseRun;
  /** The host's cap, KiB; null for none. */
  readonly cap: number | null;
  /** When its driver loads, seconds; 0: it is there from the start, null: never. */
  readonly driverAt: number | null;
  /** What the process writes, KiB. */
  readonly written: number;
  /** What the host or the guest's kernel did to someone, in its words. */
  readonly happened: readonly {readonly at: number; readonly text: string}[];
}

/** The model's guests are. */
export const isX86 = (arch: string): boolean => arch === "x86_64" || arch === "i686";

/** Why there is no run of what was pasted, or what is run. */
function specOf({domain, started}: Explanation): LiveSpec | string {
  if (!domain || !started) return "there is no machine in this text";
  const {driver} = started;
  if (driver === "lxc") return "a container has no memory of its own: its limit is all there is";
  if (driver === "other") return `the model has no driver for a domain of type ${domain.type.slice(0, 20)}`;
  if (!isX86(domain.arch)) return `the model's guests are x86, and this one is ${domain.arch.slice(0, 20)}`;
  const {model, autodeflate, freePageReporting} = domain.balloon;
  const optional = (size: number | null): KiB | null => (size === null ? null : kib(size));
  return {
    driver,
    memory: kib(started.initialMemory),
    target: kib(Math.min(started.currentMemory, started.initialMemory)),
    board: started.board,
    guestType: started.guestType ?? "pv",
    balloon: model === "none" ? null : {deflateOnOom: autodeflate, freePageReporting},
    hard: optional(domain.memtune.hardLimit),
    soft: optional(domain.memtune.softLimit),
    limit: driver === "esx" ? optional(started.hostCap) : null,
    reserved: kib(started.guaranteed ?? 0)
  };
}

type Write = Extract<EventSpec, {readonly type: "allocate"}>;
type Log = readonly {readonly at: number; readonly source: string; readonly text: string}[];
interface Ran {
  readonly run: CaseRun;
  readonly log: Log;
}

function qemuRun({memory, target, board, balloon, hard, soft}: LiveSpec, events: readonly (Write | {readonly at: Write["at"]; readonly type: "free"})[]): Ran {
  const timeline = simulate({
    machine: {memory, ...(board === null ? {} : {machine: board}), balloon},
    currentMemory: target,
    driver: {loadsAt: balloon === null ? null : DRIVER_AT, rate: inSeconds(memory, 4)},
    host: {ram: kib(memory * 4 + 1048576), swap: memory, overhead: QEMU_OWN, cgroup: {max: hard, high: soft}},
    events,
    duration: seconds(END)
  });
  return {run: timeline, log: timeline.log};
}

/** Xen's clock starts with the driver: there is nothing before it. */
function xenRun({memory, target, guestType}: LiveSpec, events: readonly (Write | {readonly at: Write["at"]; readonly type: "free"})[]): Ran {
  const rate = inSeconds(memory / 4, 5);
  const timeline = simulateXen({machine: {type: guestType, memory: target, maxmem: memory}, driver: {inflateRate: rate, deflateRate: rate}, events, duration: seconds(END)});
  return {run: timeline, log: timeline.log};
}

function esxRun({memory, limit, reserved}: LiveSpec, events: readonly (Write | {readonly at: Write["at"]; readonly type: "free"})[]): Ran {
  const {vms: [vm]} = simulateEsx({
    host: {ram: kib(memory * 4 + 1048576)},
    vms: [{name: "vm", memory, limit, reservation: reserved, driver: {loadsAt: 0, rate: inSeconds(memory, 4)}, workload: {swap: memory}}],
    events,
    seed: null,
    duration: seconds(END)
  });
  if (vm === undefined) throw new Error("a scenario has one machine");
  return {run: vm, log: []};
}

const RUNS = {qemu: qemuRun, xen: xenRun, esx: esxRun};

const SAID = /kill|panic|destroy|crash|PoD|Out of memory/;

const liveRun = remember((spec: LiveSpec): Live => {
  const start = RUNS[spec.driver];
  const calm = start(spec, []).run.stateAt(seconds(SETTLED_AT));
  const size = kib(Math.floor(Math.min(calm.memFree * SHARE, spec.limit === null ? Infinity : spec.limit * OVER_LIMIT)));
  const events = size > 0 ? [{at: seconds(WRITES_AT), type: "allocate" as const, size, rate: inSeconds(size, 6)}, {at: seconds(ENDS_AT), type: "free" as const}] : [];
  const {run, log} = start(spec, events);
  const cap = spec.driver === "xen" ? spec.target + 1024 : spec.driver === "esx" ? spec.limit : spec.hard;
  const driverAt = spec.driver === "qemu" ? (spec.balloon === null ? null : DRIVER_AT) : 0;
  return {run, cap, driverAt, written: size, happened: log.filter(({text}) => SAID.test(text)).map(({at, text}) => ({at, text})).slice(0, 3)};
});

/** The model's run of exactly the machine that was pasted, or why there is none. */
export function liveOf(explanation: Explanation): Live | string {
  const spec = specOf(explanation);
  if (typeof spec === "string") return spec;
  try {
    return liveRun(spec);
  } catch (error) {
    if (error instanceof ModelError) return `the model cannot run it: ${error.message}`;
    throw error;
  }
}
