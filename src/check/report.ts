import type {Bar, CheckReport, Comparison, Json} from "./types.ts";

/** Longest value printed on one line; the JSON report has all of it. */
const SHOWN = 60;

const brief = (value: Json): string => {
  const text = typeof value === "string" ? JSON.stringify(value) : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
};

/** A bar in words: `exact`, `0.5 %`, `5 % or 16384`, `1 to 8`, `at most 15`, `no bar`. */
export function barText(bar: Bar): string {
  const percent = (fraction: number): string => `${Number((fraction * 100).toPrecision(3))} %`;
  switch (bar.kind) {
    case "exact":
      return "exact";
    case "relative":
      return percent(bar.fraction);
    case "relative-or-absolute":
      return bar.fraction === 0 ? `± ${bar.absolute}` : bar.absolute === 0 ? percent(bar.fraction) : `${percent(bar.fraction)} or ${bar.absolute}`;
    case "between":
      return bar.least === 0 ? `at most ${bar.most}` : `${bar.least} to ${bar.most}`;
    case "none":
      return "no bar";
  }
}

const verdict = ({bar, within}: Comparison): string => (bar.kind === "none" ? "    " : within ? "ok  " : "FAIL");

function comparisonLine(comparison: Comparison): string {
  const {path, predicted, observed, error, bar} = comparison;
  const same = JSON.stringify(predicted) === JSON.stringify(observed);
  const values = same ? brief(observed) : `predicted ${brief(predicted)} observed ${brief(observed)}`;
  return `${verdict(comparison)} ${path}: ${values}${error === null ? "" : ` error ${error}`} (${barText(bar)})`;
}

/** How many fields a report judged, how many missed their bar, and how many it only shows or cannot predict. */
export function counts(report: CheckReport): {readonly judged: number; readonly failed: number; readonly shown: number; readonly unpredicted: number} {
  const judged = report.comparisons.filter(({bar}) => bar.kind !== "none");
  return {
    judged: judged.length,
    failed: judged.filter(({within}) => !within).length,
    shown: report.comparisons.length - judged.length,
    unpredicted: report.unpredicted.length
  };
}

/** One line for a report. */
export function summaryLine(report: CheckReport): string {
  const {judged, failed, shown, unpredicted} = counts(report);
  const outcome = report.ok ? "ok  " : judged === 0 ? "none" : "FAIL";
  const note = judged === 0 ? ": nothing that has a bar could be predicted" : "";
  return `${outcome} ${report.recording}: ${judged} fields held to a bar, ${failed} out of it, ${shown} shown, ${unpredicted} not predicted${note}`;
}

/** A whole report as text: every field predicted, then every field not. */
export function reportText(report: CheckReport): string {
  const heading = [`${report.recording}: ${report.about}`, `replayed by: ${report.replayers.join(", ") || "nothing"}`];
  const not = report.unpredicted.map(({path, reason}) => `   - ${path}: ${reason}`);
  return [...heading, ...report.comparisons.map(comparisonLine), ...(not.length > 0 ? ["not predicted:", ...not] : []), summaryLine(report)].join("\n");
}
