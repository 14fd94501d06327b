import {readFile, writeFile} from "node:fs/promises";
import {barFor, meets, metrics, type Bar, type Kind, type Metric, type Values} from "./metrics.ts";
import {ratio, significant} from "./stats.ts";

/** What was measured on one page. */
export interface PageValues {
  readonly page: string;
  readonly kind: Kind;
  readonly values: Values;
}

export interface Row {
  readonly page: string;
  readonly metric: Metric;
  readonly ours: number;
  readonly baseline: number | null;
  readonly bar: Bar | null;
  readonly met: boolean | null;
  /** Ours over the baseline's; above 1 is more, not always worse. */
  readonly ratio: number | null;
  readonly reference: number | null;
  /** How many times worse than the reference; below 1 is better. */
  readonly worsening: number | null;
}

/** Ratios by page and metric. */
export type Reference = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The one rule by which CI fails: a ratio worse than its reference by more than half. */
export const TOLERANCE = 1.5;

export function compare(pages: readonly PageValues[], baseline: Values, reference: Reference): Row[] {
  return pages.flatMap(({page, kind, values}) =>
    metrics.flatMap((metric): Row[] => {
      const ours = values[metric.id];
      if (ours === undefined) return [];
      const other = baseline[metric.id] ?? null;
      const bar = barFor(metric, kind);
      const ratioNow = ratioOf(metric, ours, other);
      const before = reference[page]?.[metric.id] ?? null;
      return [{
        page, metric, ours, baseline: other, bar, met: bar === null ? null : meets(ours, bar),
        ratio: ratioNow, reference: before, worsening: ratioNow === null || before === null ? null : worsening(metric, ratioNow, before)
      }];
    })
  );
}

/** Against the baseline page of the same run; a number that is itself a ratio stands as it is. */
export function ratioOf({against, grain}: Metric, ours: number, baseline: number | null): number | null {
  if (against === "nothing") return null;
  if (against === "itself") return Math.max(ours, grain);
  return baseline === null ? null : ratio(ours, baseline, grain);
}

export const worsening = ({better}: Metric, now: number, before: number): number => (better === "lower" ? now / before : before / now);

export const regressions = (rows: readonly Row[]): Row[] => rows.filter((row) => row.worsening !== null && row.worsening > TOLERANCE);

export const missed = (rows: readonly Row[]): Row[] => rows.filter((row) => row.met === false);

/** The reference with this run's ratios in it: what was not measured stays. */
export function updated(reference: Reference, rows: readonly Row[]): Reference {
  const next: Record<string, Record<string, number>> = Object.fromEntries(Object.entries(reference).map(([page, ratios]) => [page, {...ratios}]));
  for (const {page, metric, ratio: now} of rows) {
    if (now !== null) (next[page] ??= {})[metric.id] = significant(now);
  }
  return next;
}

export async function readReference(file: string): Promise<Reference> {
  try {
    const {ratios} = JSON.parse(await readFile(file, "utf8")) as {readonly ratios: Reference};
    return ratios;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

export const writeReference = (file: string, ratios: Reference): Promise<void> => writeFile(file, `${JSON.stringify({note: "ratios to the baseline page of the same run; npm run bench -- --update", ratios}, null, 2)}\n`);
