import {Fragment, type VNode} from "preact";
import {barText, counts} from "../../../src/check/report.ts";
import type {Json} from "../../../src/check/types.ts";
import {group as thousands} from "../figure/format.ts";
import {Multiple} from "../figure/multiple.tsx";
import type {Evidence, FieldGroup} from "./groups.ts";
import {PublishedTable} from "./published-table.tsx";

/** A recorded or predicted value, short enough for a table. */
export function value(v: Json): string {
  if (typeof v === "number") return thousands(v);
  const text = typeof v === "string" ? v : JSON.stringify(v);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** One recording: what was compared of it, and what is not predicted. A file of the reader's has no place to link to. */
export function RecordingSection({evidence: {report, groups, published, unpredicted}, own = false}: {evidence: Evidence; own?: boolean}): VNode {
  const {judged, failed, shown} = counts(report);
  return (
    <section class="evidence">
      <h3 {...(own ? {} : {id: report.recording.replace(/\.json$/, "")})}>{report.recording.replace(/\.json$/, "")}</h3>
      <p>{report.about} {failed === 0 ? `All ${thousands(judged)} values that have a bar are within it` : `${thousands(failed)} of ${thousands(judged)} values miss their bar`}; {thousands(shown)} more are shown.</p>
      {published === null ? <Fields groups={groups} /> : <PublishedTable rows={published} of={report.recording.replace(/\.json$/, "")} />}
      {published === null ? <Unpredicted list={unpredicted} /> : <Unused list={unpredicted} />}
    </section>
  );
}

/** Fields as small multiples, worst first. */
function Fields({groups}: {groups: readonly FieldGroup[]}): VNode {
  const drawn = groups.filter((g) => g.worst !== null && (g.worst > 0 || g.comparisons.length > 1));
  const plain = groups.filter((g) => !drawn.includes(g));
  return (
    <>
      <div class="multiples">{drawn.map((g) => <Field key={g.field} group={g} />)}</div>
      {plain.length === 0 ? null : <p class="note">Equal, without a picture: {plain.map((g, i) => <Fragment key={g.field}>{i === 0 ? "" : ", "}<code>{g.field}</code>{g.comparisons.length > 1 ? ` ×${g.comparisons.length}` : ""}{g.out > 0 ? " (not equal)" : ""}</Fragment>)}.</p>}
    </>
  );
}

/** Published numbers beside which we put none of ours, and why. */
function Unused({list}: {list: Evidence["unpredicted"]}): VNode | null {
  if (list.length === 0) return null;
  return (
    <>
      <p class="note">Not compared:</p>
      <ul>{list.map(({reason}) => <li key={reason}>{reason}.</li>)}</ul>
    </>
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

/** What the model says nothing about, by reason. */
export function Unpredicted({list}: {list: Evidence["unpredicted"]}): VNode | null {
  if (list.length === 0) return null;
  const total = list.reduce((sum, {count}) => sum + count, 0);
  return (
    <details class="data">
      <summary>Not predicted: {thousands(total)} values</summary>
      <ul>{list.map(({reason, fields, count}) => <li key={reason}>{reason} ({thousands(count)}): {fields.map((f, i) => <Fragment key={f}>{i === 0 ? "" : ", "}<code>{f}</code></Fragment>)}</li>)}</ul>
    </details>
  );
}
