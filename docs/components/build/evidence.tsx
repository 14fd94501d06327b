import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {checkRecording} from "../../../src/check/check.ts";
import {parseRecordingText} from "../../../src/check/parse.ts";
import {barText, counts} from "../../../src/check/report.ts";
import {group as thousands} from "../figure/format.ts";
import {evidenceOf, type Evidence} from "../evidence/groups.ts";
import {RecordingSection, Unpredicted, value} from "../evidence/section.tsx";

const FOLDERS = ["data/recordings", "data/guest", "data/published"];
/** Digitised curves are read by rows of other files, and are none themselves. */
const CURVES = "-figures.json";

/** Every recording the project has, replayed now, worst first. */
export function allEvidence(): readonly Evidence[] {
  const files = FOLDERS.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".json") && !name.endsWith(CURVES)).sort().map((name) => ({folder, name})));
  return files
    .map(({folder, name}) => {
      const recording = parseRecordingText(readFileSync(join(folder, name), "utf8"), name);
      return evidenceOf(checkRecording(recording), recording);
    })
    .sort((a, b) => b.out - a.out || worst(b) - worst(a) || a.report.recording.localeCompare(b.report.recording, "en"));
}

const worst = (e: Evidence): number => Math.max(0, ...e.groups.filter((g) => g.judged > 0).map((g) => g.share));
const isReplayed = (e: Evidence): boolean => e.report.comparisons.length > 0;

let known: readonly Evidence[] | null = null;

/** One part of the page: `summary`, `misses`, `recordings` or `yours`. All recordings are replayed once. */
export function renderEvidence(part: string): string {
  const all = (known ??= allEvidence());
  const replayed = all.filter(isReplayed);
  if (part === "summary") return renderToString(<Summary all={all} replayed={replayed} />);
  if (part === "misses") return renderToString(<Misses all={replayed} />);
  if (part === "yours") return renderToString(<Yours />);
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

interface Miss {
  readonly key: string;
  readonly recording: string;
  readonly field: VNode | string;
  readonly predicted: string;
  readonly observed: string;
  readonly bar: string;
}

/** What of one file misses its bar: a recorded field by its path, a published number in words with the reason. */
function missesOf({report, published}: Evidence): readonly Miss[] {
  const recording = report.recording.replace(".json", "");
  if (published !== null) {
    return published.flatMap(({what, missed, values}) =>
      values.filter(({within}) => !within).map(({path, name, ours, published: observed, bar}) => ({key: `${recording} ${path}`, recording, field: `${what}, ${name}.${missed === null ? "" : ` ${missed}.`}`, predicted: ours, observed, bar})));
  }
  return report.comparisons
    .filter(({within}) => !within)
    .map(({path, predicted, observed, bar}) => ({key: `${recording} ${path}`, recording, field: <code>{path}</code>, predicted: value(predicted), observed: value(observed), bar: barText(bar)}));
}

function Misses({all}: {all: readonly Evidence[]}): VNode {
  const misses = all.flatMap(missesOf);
  if (misses.length === 0) return <p>None at present.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Predictions out of their bars">
      <table>
        <thead><tr><th scope="col">recording</th><th scope="col">field</th><th scope="col">predicted</th><th scope="col">observed</th><th scope="col">bar</th></tr></thead>
        <tbody>
          {misses.map((m) => <tr key={m.key}><td><code>{m.recording}</code></td><td>{m.field}</td><td>{m.predicted}</td><td>{m.observed}</td><td>{m.bar}</td></tr>)}
        </tbody>
      </table>
    </div>
  );
}

/** Where a reader's own file is opened: its code comes when one is chosen. */
const Yours = (): VNode => (
  <div class="yours needs-js" data-own-recording>
    <p><label>A recording, or several <input type="file" accept=".json,application/json" multiple /></label></p>
    <div class="yours-result" aria-live="polite" />
  </div>
);
