/**
 * The parameters of a page as one data table. The controls, the link, the
 * checks on a link and the reset button all read this table and nothing else.
 */
export type Layer = "configured" | "target" | "current" | "backing";

export interface NumberParam {
  readonly name: string;
  /** What the reader sees beside the control. */
  readonly label: string;
  /** The layer whose hue the control wears; null for time. */
  readonly layer: Layer | null;
  readonly unit: "MiB" | "s";
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly initial: number;
  /** Values that mean something, drawn under the track. */
  readonly ticks: readonly {readonly value: number; readonly label?: string}[];
  readonly help: string;
}

export type ParamTable = readonly NumberParam[];
export type Params = Readonly<Record<string, number>>;

export function defaults(table: ParamTable): Params {
  return Object.fromEntries(table.map((p) => [p.name, p.initial]));
}

/** The nearest value the control can take; a typed 700.4 becomes 700. */
export function snap(param: NumberParam, value: number): number {
  const stepped = param.min + Math.round((value - param.min) / param.step) * param.step;
  const decimals = Math.max(0, -Math.floor(Math.log10(param.step)));
  return Number(Math.min(param.max, Math.max(param.min, stepped)).toFixed(decimals));
}

/** True for a finite value inside the range: anything else in a link is refused, not bent. */
export function inRange(param: NumberParam, value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= param.min && value <= param.max;
}
