/**
 * The parameters of a page as one data table. The controls, the link, the
 * checks on a link and the reset button all read this table and nothing else.
 */
export type Layer = "configured" | "target" | "current" | "backing";

interface Named {
  readonly name: string;
  /** What the reader sees beside the control. */
  readonly label: string;
  /** The layer whose hue the control wears; null for time and switches. */
  readonly layer: Layer | null;
  readonly initial: number;
  readonly help: string;
}

export interface NumberParam extends Named {
  readonly unit: "MiB" | "s";
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Values that mean something, drawn under the track. */
  readonly ticks: readonly {readonly value: number; readonly label?: string}[];
}

/** One of a few: a switch has two options. */
export interface ChoiceParam extends Named {
  readonly options: readonly {readonly value: number; readonly label: string}[];
}

export type Param = NumberParam | ChoiceParam;
export type ParamTable = readonly Param[];
export type Params = Readonly<Record<string, number>>;

export const isChoice = (param: Param): param is ChoiceParam => "options" in param;
export const isNumber = (param: Param): param is NumberParam => !isChoice(param);

export function defaults(table: ParamTable): Params {
  return Object.fromEntries(table.map((p) => [p.name, p.initial]));
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** The nearest value on a range's grid; a typed 700.4 becomes 700. */
export function snapTo({min, max, step}: Range, value: number): number {
  const stepped = min + Math.round((value - min) / step) * step;
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  return Number(Math.min(max, Math.max(min, stepped)).toFixed(decimals));
}

/** The nearest value the control can take. */
export function snap(param: Param, value: number): number {
  if (!isChoice(param)) return snapTo(param, value);
  return param.options.some((option) => option.value === value) ? value : param.initial;
}

export const isWithin = (range: {readonly min: number; readonly max: number}, value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= range.min && value <= range.max;

/** True for a value the control can take: anything else in a link is refused, not bent. */
export function inRange(param: Param, value: unknown): value is number {
  return isChoice(param) ? param.options.some((option) => option.value === value) : isWithin(param, value);
}

/** The values a control takes, in words. */
export function expected(param: Param): string {
  return isChoice(param) ? `one of ${param.options.map((o) => o.label).join(", ")}` : `a number from ${param.min} to ${param.max} ${param.unit}`;
}
