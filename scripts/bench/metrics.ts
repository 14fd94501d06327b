/** Measured numbers by the name of their metric. */
export type Values = Record<string, number>;

export type Kind = "model" | "text";

export interface Bar {
  readonly at: "most" | "least";
  readonly value: number;
}

export interface Metric {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly digits: number;
  /** Differences below this mean nothing; see `ratio`. */
  readonly grain: number;
  /** What a page must reach; by kind of page where it differs. */
  readonly bar?: Bar | Readonly<Record<Kind, Bar>>;
  /** What our number is compared with, where that is not the baseline page's. */
  readonly against?: "itself" | "nothing";
}

const most = (value: number): Bar => ({at: "most", value});
const least = (value: number): Bar => ({at: "least", value});

/** A score of Lighthouse, 0 to 100. */
const score = (name: string, label: string, bar: number): Metric => ({id: `lighthouse.${name}`, label, unit: "", better: "higher", digits: 0, grain: 1, bar: least(bar)});
const time = (id: string, label: string, grain: number, bar?: Bar): Metric => ({id, label, unit: "ms", better: "lower", digits: 0, grain, ...(bar === undefined ? {} : {bar})});
const shift = (id: string, label: string): Metric => ({id, label, unit: "", better: "lower", digits: 4, grain: 0.005, bar: most(0.005)});
/** An hour of sixteen machines, and the same over the fixed loop. */
const hour = (name: string, label: string): readonly Metric[] => [
  {...time(`host.${name}`, `16 VMs, 36,000 steps: ${label}`, 10, most(1000)), against: "nothing"},
  {id: `host.${name}.relative`, label: `${label} / loop`, unit: "", better: "lower", digits: 0, grain: 10, against: "itself"}
];

export const metrics: readonly Metric[] = [
  score("performance", "Lighthouse performance", 95),
  score("accessibility", "Lighthouse accessibility", 100),
  score("practices", "Lighthouse best practices", 100),
  score("seo", "Lighthouse SEO", 100),
  time("lighthouse.fcp", "first contentful paint", 100),
  time("lighthouse.lcp", "largest contentful paint", 100),
  time("lighthouse.tbt", "total blocking time", 50),
  time("lighthouse.speed", "speed index", 100),
  {...shift("lighthouse.cls", "layout shift, phone"), bar: most(0.005)},
  {id: "load.requests", label: "requests until 5 s after load", unit: "", better: "lower", digits: 0, grain: 1, bar: {model: most(10), text: most(8)}},
  {id: "load.kB", label: "gzip until 5 s after load", unit: "kB", better: "lower", digits: 1, grain: 1, bar: {model: most(130), text: most(60)}},
  {id: "load.foreign", label: "requests to other origins", unit: "", better: "lower", digits: 0, grain: 1, bar: most(0)},
  shift("load.shift", "layout shift, load and 5 s"),
  {...time("drag.p50", "drag: input to frame, p50", 8), digits: 1},
  {...time("drag.p95", "drag: input to frame, p95", 8, most(33)), digits: 1},
  {...time("drag.presented", "drag: input to display, p95", 8), digits: 1},
  {id: "drag.fps", label: "drag: frames a second", unit: "fps", better: "higher", digits: 1, grain: 1, bar: least(55)},
  {id: "drag.slow", label: "drag: frames over 50 ms", unit: "", better: "lower", digits: 0, grain: 5},
  shift("drag.shift", "layout shift, drag"),
  {id: "heap.load", label: "heap after load", unit: "MB", better: "lower", digits: 2, grain: 0.5},
  {id: "heap.growth", label: "heap growth, 3 drags", unit: "MB", better: "lower", digits: 2, grain: 0.5},
  time("map.coarse", "map of 16 x 16 runs, in its worker", 10, most(100)),
  time("map.fine", "map of 64 x 64 runs, in its worker", 50, most(1000)),
  time("plans.answer", "runs of four hosts, in their worker", 20),
  {id: "engine.run", label: "model run", unit: "ms", better: "lower", digits: 3, grain: 0.001, against: "nothing"},
  {id: "engine.loop", label: "fixed arithmetic loop", unit: "ms", better: "lower", digits: 3, grain: 0.001, against: "nothing"},
  {id: "engine.relative", label: "model run / loop", unit: "", better: "lower", digits: 3, grain: 0.01, against: "itself"},
  ...hour("nobody", "nobody"),
  ...hour("proxmox", "Proxmox"),
  ...hour("mom", "MOM"),
  ...hour("esx", "ESX")
];

export const barFor = ({bar}: Metric, kind: Kind): Bar | null => (bar === undefined ? null : "at" in bar ? bar : bar[kind]);

export const meets = (value: number, {at, value: limit}: Bar): boolean => (at === "most" ? value <= limit : value >= limit);
