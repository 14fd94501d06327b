import type {RegimeMapData} from "../figure/regime-map.tsx";
import type {Points, TimelineData} from "../figure/timeline.tsx";
import {WHEN} from "./params.ts";
import type {Knobs, System} from "./systems.ts";

/** What a recorded machine had settled at, MiB; null where that was not recorded. */
interface Settled {
  readonly booted: number | null;
  /** Told its target, or for want of a driver not. */
  readonly told: number;
  /** With the process having written all it wanted, or killed. */
  readonly written: number;
}

export interface RecordedRun {
  readonly file: string;
  readonly driver: boolean;
  readonly swap: boolean;
  /** MiB that the process in the guest wrote. */
  readonly load: number;
  readonly outcome: string;
  /** What the cgroup was charged for: guest RAM and QEMU's own. */
  readonly charged: Settled;
  readonly swapped: number;
}

/**
 * The recorded runs of a KVM guest of 1024 MiB, balloon target 500 MiB, in a
 * cgroup of 500 MiB (data/recordings/cgroup-vm-*.json). Copied by hand, since a
 * page has no room for the files; a test compares them.
 */
export const kvmRuns: readonly RecordedRun[] = [
  {file: "cgroup-vm-cooperative-no-swap-300", driver: true, swap: false, load: 300, outcome: "fits", charged: {booted: 203.9, told: 197.8, written: 489.1}, swapped: 0},
  {file: "cgroup-vm-no-driver-no-swap-700", driver: false, swap: false, load: 700, outcome: "vm-killed", charged: {booted: null, told: 200.6, written: 0.1}, swapped: 0},
  {file: "cgroup-vm-no-driver-swap-700", driver: false, swap: true, load: 700, outcome: "host-swaps", charged: {booted: null, told: 201.3, written: 499.9}, swapped: 401.8}
];

/** The recorded Xen PV domain of at most 1024 MiB, told to be 500 MiB (data/recordings/xen-domu-500-1024.json), MiB. */
export const xenRun = {file: "xen-domu-500-1024", memTotal: {booted: 957.4, told: 433.4}, held: {booted: 1024, told: 500}} as const;

/** Those that the present switches repeat: a recording says nothing of others. */
const repeated = ({maxmem, cap, driver, swap, guestSwap, short, reservation}: Knobs): readonly RecordedRun[] =>
  maxmem !== 1024 || cap !== 500 || guestSwap || short || reservation !== 0 ? [] : kvmRuns.filter((run) => run.driver === driver && run.swap === swap);

/** Recorded runs as points of the map. */
export function recordedRuns(knobs: Knobs): RegimeMapData["recorded"] {
  return repeated(knobs).map(({file, load, outcome}) => ({x: 500, y: load, outcome, label: `recorded: ${file}`}));
}

/** Recorded states stand just before the next thing happens: emulated machines took other times, and settled at these values. */
const AT = {booted: WHEN.target - 1, told: WHEN.load - 2, written: WHEN.end - 2} as const;
const NONE: TimelineData["recorded"] = [];

const dots = (levels: Partial<Record<keyof Settled, number | null>>): Points =>
  (["booted", "told", "written"] as const).flatMap((state) => (typeof levels[state] === "number" ? [[AT[state], levels[state]] as const] : []));

function onKvm(knobs: Knobs): TimelineData["recorded"] {
  return repeated(knobs).filter(() => knobs.target === 500).flatMap(({load, charged, swapped}) => {
    const same = load === knobs.load;
    return [
      {key: "charged", layer: "backing", points: dots({...charged, written: same ? charged.written : null})},
      {key: "swap", layer: "backing", points: same && swapped > 0 ? dots({written: swapped}) : []}
    ];
  });
}

/** A Xen domain's load changes neither what it has nor what it is held in: the recording was of an idle one. */
const onXen = ({maxmem, target, driver}: Knobs): TimelineData["recorded"] => maxmem !== 1024 || target !== 500 || !driver ? NONE : [
  {key: "resident", layer: "backing", points: dots(xenRun.held)},
  {key: "total", layer: "current", points: dots(xenRun.memTotal)}
];

/** What real machines with the same knobs had settled at, as dots over a system's run; nobody recorded an ESX. */
export function recordedLevels(knobs: Knobs, system: System): TimelineData["recorded"] {
  return system === "KVM" ? onKvm(knobs) : system === "Xen" ? onXen(knobs) : NONE;
}
