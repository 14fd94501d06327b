import {group as groupBy} from "d3";
import {counts} from "../../../src/check/report.ts";
import type {CheckReport, Comparison, Recording, Unpredicted} from "../../../src/check/types.ts";
import {publishedRows, type PublishedRow} from "./published.ts";

/** Every comparison of one kind of field in one recording, in the order of the steps. */
export interface FieldGroup {
  /** `guest.MemTotalKiB`: the path without its step. */
  readonly field: string;
  readonly comparisons: readonly Comparison[];
  readonly judged: number;
  readonly out: number;
  /** The largest error, in the field's unit; null where nothing is a number. */
  readonly worst: number | null;
  /** The largest error as a share of the largest value observed. */
  readonly share: number;
}

export interface Evidence {
  readonly report: CheckReport;
  readonly groups: readonly FieldGroup[];
  /** Of published numbers, what each row compares; null of a recording. */
  readonly published: readonly PublishedRow[] | null;
  readonly unpredicted: readonly {readonly reason: string; readonly fields: readonly string[]; readonly count: number}[];
  readonly out: number;
}

/** `steps[3].after.guest.zones[0].minPages` -> `guest.zones[].minPages`. */
export const fieldOf = (path: string): string =>
  path.replace(/^(?:sequences\[\d+\]\.)?(?:steps|rows)\[\d+\]\.?/, "").replace(/^after\./, "").replace(/\[\d+\]/g, "[]") || "the step";

export function evidenceOf(report: CheckReport, recording: Recording): Evidence {
  const groups = Array.from(groupBy(report.comparisons, ({path}) => fieldOf(path)), ([field, comparisons]) => group(field, comparisons));
  return {report, groups: groups.sort(worstFirst), published: publishedRows(report, recording), unpredicted: reasons(report.unpredicted), out: counts(report).failed};
}

function group(field: string, comparisons: readonly Comparison[]): FieldGroup {
  const judged = comparisons.filter(({bar}) => bar.kind !== "none");
  const errors = comparisons.flatMap(({error}) => (error === null ? [] : [Math.abs(error)]));
  const scale = Math.max(1, ...comparisons.map(({observed}) => (typeof observed === "number" ? Math.abs(observed) : 0)));
  const worst = errors.length === 0 ? null : Math.max(...errors);
  return {field, comparisons, judged: judged.length, out: judged.filter(({within}) => !within).length, worst, share: (worst ?? 0) / scale};
}

const worstFirst = (a: FieldGroup, b: FieldGroup): number => b.out - a.out || b.share - a.share || a.field.localeCompare(b.field, "en");

function reasons(unpredicted: readonly Unpredicted[]): Evidence["unpredicted"] {
  return Array.from(groupBy(unpredicted, ({reason}) => reason), ([reason, list]) => ({
    reason,
    fields: Array.from(new Set(list.map(({path}) => fieldOf(path)))).sort((a, b) => a.localeCompare(b, "en")),
    count: list.length
  })).sort((a, b) => b.count - a.count);
}
