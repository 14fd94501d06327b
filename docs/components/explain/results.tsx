import type {VNode} from "preact";
import {size} from "../../../src/explain/size.ts";
import type {Explanation, Finding, Loss} from "../../../src/explain/types.ts";
import {MemoryColumn} from "../figure/memory-column.tsx";
import {columnOf} from "./column.ts";
import type {Answer} from "./engine.ts";
import {LiveFigure} from "./live-figure.tsx";

const orNone = (value: number | null): string => (value === null ? "none" : size(value));

/** Where the driver's behaviour is explained. */
const CASES: Readonly<Record<string, readonly (readonly [href: string, name: string])[]>> = {
  qemu: [["./qemu-kvm.html", "QEMU and KVM"], ["./cgroups.html", "KVM with a cap"]],
  xen: [["./xen-pv.html", "Xen PV"], ["./xen-fv.html", "Xen HVM and PVH"]],
  esx: [["./esx.html", "ESX"], ["./libvirt.html", "what the calls mean on ESX"]],
  lxc: [["./cgroups.html", "a cap on the host"], ["./libvirt.html", "what the calls mean on LXC"]]
};

function Numbers({explanation: {domain, started, defined}}: {readonly explanation: Explanation}): VNode | null {
  if (!domain || !started) return null;
  const isCap = started.driver === "esx" || started.driver === "lxc";
  return (
    <dl class="explain-numbers">
      <div><dt class="l-configured">configured</dt><dd>{size(started.memory)}{started.memory === domain.memory ? "" : `; written as ${size(domain.memory)}`}</dd></div>
      <div><dt class="l-target">target</dt><dd>{isCap ? "none: currentMemory is the host’s cap here" : size(started.currentMemory)}</dd></div>
      <div><dt class="l-backing">host’s cap</dt><dd>{orNone(started.hostCap)}</dd></div>
      <div><dt class="l-backing">guaranteed</dt><dd>{started.driver === "xen" ? size(started.currentMemory) : orNone(started.guaranteed)}</dd></div>
      {domain.maxMemory === null ? null : <div><dt class="l-configured">room up to</dt><dd>{size(domain.maxMemory)}, {domain.slots ?? 0} slots</dd></div>}
      {defined ? <div><dt class="l-configured">virsh define</dt><dd>stores {size(defined.memory)} instead</dd></div> : null}
    </dl>
  );
}

function Observed({explanation: {observed}}: {readonly explanation: Explanation}): VNode | null {
  if (!observed) return null;
  return <dl class="explain-numbers">{Object.entries(observed).map(([key, value]) => <div key={key}><dt>{key}</dt><dd>{value === null ? "unlimited" : value}</dd></div>)}</dl>;
}

function FindingItem({finding}: {readonly finding: Finding}): VNode {
  const {severity, layer, place, what, meaning, action, source} = finding;
  return (
    <li class={`finding is-${severity}`}>
      <p class="finding-head">
        <b>{severity}</b>
        {layer === null ? null : <span class={`l-${layer}`}>{layer}</span>}
        {place === null ? null : <button type="button" class="needs-js" data-offset={place.offset} data-length={place.length}>line {place.line}</button>}
      </p>
      <p>{what} {meaning}</p>
      {action === "" ? null : <p>{action}</p>}
      <p class="note">{source}</p>
    </li>
  );
}

function LossItem({loss: {field, place, before, after, why}}: {readonly loss: Loss}): VNode {
  return <li>{place === null ? null : <button type="button" class="needs-js" data-offset={place.offset} data-length={place.length}>line {place.line}</button>} <code>{field}</code>: {before} → {after ?? "nothing"}. {why}</li>;
}

function Figure({explanation}: {readonly explanation: Explanation}): VNode | null {
  const data = columnOf(explanation);
  return data ? <figure class="figure explain-figure"><MemoryColumn data={data} title="The machine’s pages as the guest and as the host see them" id="explain" /></figure> : null;
}

function Checklist({answer: {steps}}: {readonly answer: Answer}): VNode | null {
  if (steps.length === 0) return null;
  return (
    <section>
      <h3>To change its size safely, in this order</h3>
      <ol class="explain-steps">{steps.map(({what, command, danger}) => <li key={what}>{what}{command === "" ? null : <> <code>{command}</code></>}{danger === "" ? null : <strong class="danger"> {danger}</strong>}</li>)}</ol>
    </section>
  );
}

function TranslationView({answer: {translation}}: {readonly answer: Answer}): VNode | null {
  if (!translation) return null;
  return (
    <section>
      <h3>As {translation.format}</h3>
      <pre tabIndex={0}>{translation.text}</pre>
      {translation.losses.length === 0 ? <p>Every memory number is kept.</p> : <><p>What it cannot keep:</p><ul class="explain-losses">{translation.losses.map((loss, i) => <LossItem key={i} loss={loss} />)}</ul></>}
    </section>
  );
}

/** All that is said about one text. Text of the reader's is only ever text here. */
export function Results({answer, atOnce = false}: {readonly answer: Answer; readonly atOnce?: boolean}): VNode {
  const {explanation, error, host} = answer;
  if (!explanation) {
    return <div><p class="explain-error"><b>Not read</b>, at {error?.place ?? "1:1"}: {error?.message ?? ""}. Expected {error?.expected ?? ""}; {error?.hint ?? ""}.</p></div>;
  }
  const cases = CASES[explanation.started?.driver ?? ""] ?? [];
  return (
    <div>
      <p class="explain-kind">Read as <b>{explanation.format}</b>{explanation.domain?.name ? <>, <code>{explanation.domain.name}</code></> : null}: {explanation.findings.length} {explanation.findings.length === 1 ? "finding" : "findings"}.</p>
      <div class="explain-top"><div><Numbers explanation={explanation} /><Observed explanation={explanation} /></div><Figure explanation={explanation} /></div>
      <ol class="findings">{explanation.findings.map((finding, i) => <FindingItem key={i} finding={finding} />)}</ol>
      {explanation.unknown.length === 0 ? null : <section><h3>What the model does not know</h3><ul>{explanation.unknown.map(({what, why, layers}) => <li key={what}><b>{what}</b>: {why}. Not certain here: {layers.join(", ")}.</li>)}</ul></section>}
      <LiveFigure explanation={explanation} atOnce={atOnce} />
      <TranslationView answer={answer} />
      <Checklist answer={answer} />
      {host ? <section><h3>All files as one host</h3><pre tabIndex={0}>{host.text}</pre></section> : null}
      <p class="note">{cases.map(([href, name]) => <><a key={href} href={href}>{name}</a> · </>)}<a href="./symptoms.html">symptoms</a> · <a href="./glossary.html">every tool’s word</a></p>
    </div>
  );
}
