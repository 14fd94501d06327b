import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {Fragment, type VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {checkRecording} from "../../../src/check/check.ts";
import {parseRecordingText} from "../../../src/check/parse.ts";
import {barText, counts} from "../../../src/check/report.ts";
import type {Json} from "../../../src/check/types.ts";
import {group as thousands} from "../figure/format.ts";
import {Multiple} from "../figure/multiple.tsx";
import {evidenceOf, type Evidence, type FieldGroup} from "./evidence-groups.ts";

const FOLDERS = ["data/recordings", "data/published"];
/** Digitised curves are read by rows of other files, and are none themselves. */
const CURVES = "-figures.json";

/** Every recording the project has, replayed now, worst first. */
export function allEvidence(): readonly Evidence[] {
  const files = FOLDERS.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".json") && !name.endsWith(CURVES)).sort().map((name) => ({folder, name})));
  return files
    .map(({folder, name}) => evidenceOf(checkRecording(parseRecordingText(readFileSync(join(folder, name), "utf8"), name))))
    .sort((a, b) => b.out - a.out || worst(b) - worst(a) || a.report.recording.localeCompare(b.report.recording, "en"));
}

const worst = (e: Evidence): number => Math.max(0, ...e.groups.filter((g) => g.judged > 0).map((g) => g.share));
const isReplayed = (e: Evidence): boolean => e.report.comparisons.length > 0;

let known: readonly Evidence[] | null = null;

/** One part of the page: `summary`, `misses` or `recordings`. All recordings are replayed once. */
export function renderEvidence(part: string): string {
  const all = (known ??= allEvidence());
  const replayed = all.filter(isReplayed);
  if (part === "summary") return renderToString(<Summary all={all} replayed={replayed} />);
  if (part === "misses") return renderToString(<Misses all={replayed} />);
  if (part === "recordings") return renderToString(<>{replayed.map((e) => <RecordingSection key={e.report.recording} evidence={e} />)}<NotReplayed all={all.filter((e) => !isReplayed(e))} /></>);
  throw new Error(`no part of the evidence: ${part}`);
}

function NotReplayed({all}: {all: readonly Evidence[]}): VNode | null {
  if (all.length === 0) return null;
  return (
    <>
      <h3 id="not-replayed">Not replayed</h3>
      <p>Nothing in these recordings is predicted.</p>
      <ul>{all.map(({report, unpredicted}) => <li key={report.recording}><code>{report.recording}</code>: {report.about} <Unpredicted list={unpredicted} /></li>)}</ul>
    </>
  );
}

function Summary({all, replayed}: {all: readonly Evidence[]; replayed: readonly Evidence[]}): VNode {
  const sum = (read: (c: ReturnType<typeof counts>) => number): number => all.reduce((total, e) => total + read(counts(e.report)), 0);
  return (
    <p>
      {all.length} recordings, {replayed.length} of them replayed by the model. Of {thousands(sum((c) => c.judged))} recorded values that have a bar, {thousands(sum((c) => c.failed))} miss it. Another {thousands(sum((c) => c.shown))} are predicted and shown with their error but held to no bar, and {thousands(sum((c) => c.unpredicted))} are not predicted; each is listed with the reason.
    </p>
  );
}

function Misses({all}: {all: readonly Evidence[]}): VNode {
  const misses = all.flatMap((e) => e.report.comparisons.filter(({within}) => !within).map((comparison) => ({recording: e.report.recording, ...comparison})));
  if (misses.length === 0) return <p>None at present.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Predictions out of their bars">
      <table>
        <thead><tr><th scope="col">recording</th><th scope="col">field</th><th scope="col">predicted</th><th scope="col">observed</th><th scope="col">bar</th></tr></thead>
        <tbody>
          {misses.map((m) => <tr key={`${m.recording} ${m.path}`}><td><code>{m.recording.replace(".json", "")}</code></td><td><code>{m.path}</code></td><td>{value(m.predicted)}</td><td>{value(m.observed)}</td><td>{barText(m.bar)}</td></tr>)}
        </tbody>
      </table>
    </div>
  );
}

function value(v: Json): string {
  if (typeof v === "number") return thousands(v);
  const text = typeof v === "string" ? v : JSON.stringify(v);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function RecordingSection({evidence: {report, groups, unpredicted}}: {evidence: Evidence}): VNode {
  const {judged, failed, shown} = counts(report);
  const drawn = groups.filter((g) => g.worst !== null && (g.worst > 0 || g.comparisons.length > 1));
  const plain = groups.filter((g) => !drawn.includes(g));
  return (
    <section class="evidence">
      <h3 id={report.recording.replace(/\.json$/, "")}>{report.recording.replace(/\.json$/, "")}</h3>
      <p>{report.about} {failed === 0 ? `All ${thousands(judged)} values that have a bar are within it` : `${thousands(failed)} of ${thousands(judged)} values miss their bar`}; {thousands(shown)} more are shown.</p>
      <div class="multiples">{drawn.map((g) => <Field key={g.field} group={g} />)}</div>
      {plain.length === 0 ? null : <p class="note">Equal, without a picture: {plain.map((g, i) => <Fragment key={g.field}>{i === 0 ? "" : ", "}<code>{g.field}</code>{g.comparisons.length > 1 ? ` ×${g.comparisons.length}` : ""}{g.out > 0 ? " (not equal)" : ""}</Fragment>)}.</p>}
      <Unpredicted list={unpredicted} />
    </section>
  );
}

const numeric = (v: Json): number | null => (typeof v === "number" ? v : null);

function Field({group: g}: {group: FieldGroup}): VNode {
  const error = g.worst === 0 ? "exact" : `off by up to ${thousands(g.worst ?? 0) === "0" ? "less than 1" : thousands(g.worst ?? 0)}, ${(g.share * 100).toFixed(g.share < 0.001 ? 3 : 1)} %`;
  const bars = Array.from(new Set(g.comparisons.map(({bar}) => barText(bar)))).join("; ");
  return (
    <figure class={g.out > 0 ? "field missed" : "field"}>
      <Multiple predicted={g.comparisons.map((c) => numeric(c.predicted))} observed={g.comparisons.map((c) => numeric(c.observed))} title={`${g.field}: ${error}`} />
      <figcaption><code>{g.field}</code><span>{error}{g.out > 0 ? `, ${g.out} out of the bar` : ""}</span><span>bar: {bars}</span></figcaption>
    </figure>
  );
}

function Unpredicted({list}: {list: Evidence["unpredicted"]}): VNode | null {
  if (list.length === 0) return null;
  const total = list.reduce((sum, {count}) => sum + count, 0);
  return (
    <details class="data">
      <summary>Not predicted: {thousands(total)} values</summary>
      <ul>{list.map(({reason, fields, count}) => <li key={reason}>{reason} ({thousands(count)}): {fields.map((f, i) => <Fragment key={f}>{i === 0 ? "" : ", "}<code>{f}</code></Fragment>)}</li>)}</ul>
    </details>
  );
}
