import type {VNode} from "preact";
import cooperative from "../../../data/recordings/cgroup-vm-cooperative-no-swap-300.json" with {type: "json"};
import swapped from "../../../data/recordings/cgroup-vm-no-driver-swap-700.json" with {type: "json"};
import virtio from "../../../data/recordings/qemu-balloon-series.json" with {type: "json"};
import hvm from "../../../data/recordings/xen-xl-hvm-2048-2048.json" with {type: "json"};
import headroom from "../../../data/recordings/xen-xl-pv-1024-2048.json" with {type: "json"};
import thread from "../../../data/recordings/xen-xl-pv-2048-2048.json" with {type: "json"};
import stall from "../../../data/recordings/xen-xl-pv-stall-against-load.json" with {type: "json"};
import {SMALL, Timeline, type Points, type Series, type TimelineData} from "../figure/timeline.tsx";
import type {Layer} from "../state/params.ts";

type Column = readonly (number | null)[];
interface Table {
  readonly tSeconds: readonly number[];
  readonly [name: string]: Column | undefined;
}
interface Recorded {
  readonly series: {readonly guest: unknown; readonly host: unknown};
}

/** What of a recording is drawn: the layer, its name, the table and the column in KiB. */
const COLUMNS: readonly (readonly [Layer, string, "guest" | "host", string])[] = [
  ["target", "target", "guest", "targetKiB"],
  ["current", "MemTotal", "guest", "MemTotalKiB"],
  ["backing", "Xen gave", "host", "totKiB"],
  ["backing", "resident", "host", "guestRamResidentKiB"],
  ["backing", "cgroup", "host", "cgroupCurrentKiB"],
  ["backing", "swap", "host", "cgroupSwapKiB"]
];

const recordings: Readonly<Record<string, Recorded>> = {
  "cgroup-vm-cooperative-no-swap-300": cooperative,
  "cgroup-vm-no-driver-swap-700": swapped,
  "qemu-balloon-series": virtio,
  "xen-xl-hvm-2048-2048": hvm,
  "xen-xl-pv-1024-2048": headroom,
  "xen-xl-pv-2048-2048": thread,
  "xen-xl-pv-stall-against-load": stall
};

function points({tSeconds, ...columns}: Table, name: string): Points {
  return tSeconds.flatMap((t, i) => {
    const value = columns[name]?.[i];
    return value === undefined || value === null ? [] : [[t, value / 1024] as const];
  });
}

/** Dots are measurements, as on every page; the asked-for target is a dashed line. Nothing here is a model. */
export function RecordingFigure({name, title}: {readonly name: string; readonly title: string}): VNode {
  const found = recordings[name];
  if (found === undefined) throw new Error(`no figure of recording: ${name}`);
  const drawn = COLUMNS.flatMap(([layer, label, table, column]) => {
    const measured = points(found.series[table] as Table, column);
    return measured.length === 0 ? [] : [{layer, label, column, measured}];
  });
  const duration = Math.ceil(Math.max(...drawn.map(({measured}) => measured.at(-1)?.[0] ?? 0)));
  const max = Math.max(...drawn.flatMap(({measured}) => measured.map(([, v]) => v)));
  const series = drawn.map(({layer, label, column, measured}): Series => ({key: column, layer, label, style: "dashed", points: column === "targetKiB" ? steps(measured) : measured.slice(-1)}));
  const recorded = drawn.filter(({column}) => column !== "targetKiB").map(({layer, column, measured}) => ({key: column, layer, points: measured}));
  const data: TimelineData = {duration, max: Math.max(512, max * 1.05), series, ghost: [], recorded, events: [], now: null, guess: null};
  return <Timeline data={data} size={{...SMALL, every: duration > 60 ? 30 : 10}} title={title} />;
}

/** A target holds until the next one. */
const steps = (measured: Points): Points => measured.flatMap(([t, v], i) => (i === 0 ? [[t, v] as const] : [[t, measured[i - 1]?.[1] ?? v] as const, [t, v] as const]));
