import {kib, seconds} from "../../../src/units.ts";
import {formatMib} from "../figure/format.ts";
import {LevelBars, type Level} from "../figure/level-bars.tsx";
import {momentsOf} from "../case/case.ts";
import type {FigureDef} from "./page.ts";
import {xenFv, type Computed} from "./xen-fv-case.ts";

/** Xen's four quantities of a populate-on-demand domain and what they leave, KiB. */
export interface PodLevels {
  /** M: the RAM of the guest's map. */
  readonly maximum: number;
  /** B: less what the guest has given up. */
  readonly map: number;
  /** T: what the domain owns, for its RAM. */
  readonly owned: number;
  /** P: what has a page of the machine behind it already. */
  readonly populated: number;
}

/** At the moment looked at; all 0 but the maximum once the domain is gone. */
export function podLevels(c: Computed, time = c.time): PodLevels {
  const s = c.run.stateAt(seconds(time));
  const map = s.resident === 0 ? 0 : s.configured - s.balloon - s.outsideMap;
  return {maximum: s.configured, map, owned: Math.max(0, map - s.neverTouched), populated: s.populated};
}

const mib = (value: number): string => formatMib(kib(value));

const levels = ({maximum, map, owned, populated}: PodLevels): Level[] => [
  {key: "M", layer: "configured", state: "empty", label: "maximum", value: maximum / 1024},
  {key: "B", layer: "current", state: "light", label: "map less balloon", value: map / 1024},
  {key: "T", layer: "backing", state: "light", label: "owned", value: owned / 1024},
  {key: "P", layer: "backing", state: "solid", label: "populated", value: populated / 1024}
];

const HEADS = ["maximum", "map less balloon", "owned", "populated"].map((name) => `${name} (MiB)`);
const cells = ({maximum, map, owned, populated}: PodLevels): number[] => [maximum, map, owned, populated].map((v) => Math.round(v / 102.4) / 10);

/** 0 <= P <= T <= B <= M, as bars one below the other. */
export const pod: FigureDef<Computed> = {
  title: "Populate on demand",
  responsive: false,
  describe: (c) => {
    const l = podLevels(c);
    if (l.map === 0) return `At ${c.time.toFixed(1)} s the domain is gone; of its ${mib(l.maximum)} nothing is left.`;
    const promised = l.map - l.owned;
    const fate = promised === 0 ? "Nothing is promised any more: it cannot crash for want of a page." : `It has ${mib(l.owned - l.populated)} left to write to; ${mib(promised)} are promised and not there.`;
    return `At ${c.time.toFixed(1)} s: maximum ${mib(l.maximum)}, map less balloon ${mib(l.map)}, owned ${mib(l.owned)}, populated ${mib(l.populated)}. ${fate}`;
  },
  render: (c) => <LevelBars title={pod.describe(c)} max={podLevels(c).maximum / 1024} levels={levels(podLevels(c))} />,
  moments: (c) => {
    const rows = momentsOf(xenFv.model)(c).rows;
    return {columns: ["time (s)", "moment", ...HEADS], rows: rows.map(([time = 0, moment = ""]) => [time, moment, ...cells(podLevels(c, Math.max(0, Number(time) - 0.05)))])};
  },
  data: (c) => ({columns: ["time (s)", ...HEADS], rows: Array.from(c.run.times, (t) => [Math.round(t * 10) / 10, ...cells(podLevels(c, t))])})
};
