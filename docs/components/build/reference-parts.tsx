import type {ComponentChildren, VNode} from "preact";
import {versionById, type Layer} from "./reference-data.ts";

/** A table that is wider than the screen scrolls by itself, with the keyboard too. */
export function Scroll({label, children}: {readonly label: string; readonly children: ComponentChildren}): VNode {
  return <div class="scroll wide-block" tabindex={0} role="region" aria-label={label}>{children}</div>;
}

export function Layers({first, also}: {readonly first: Layer | null; readonly also: readonly Layer[]}): VNode {
  if (first === null) return <span class="no-layer">no layer</span>;
  return <span class="layers"><LayerName layer={first} />{also.map((layer) => <span class="also">or <LayerName layer={layer} /></span>)}</span>;
}

export const LayerName = ({layer}: {readonly layer: Layer}): VNode => <b class={`l-${layer}`}>{layer}</b>;

/** Where a statement comes from; the version leads to the table of what was read. */
export function SourceNote({source, version}: {readonly source: string; readonly version: string}): VNode {
  const {name, version: number} = versionById(version);
  const short = name.split(",")[0] ?? name;
  return <span class="source-note">{source}; <a href={`sources.html#version-${version}`}>{short} {number}</a></span>;
}

/** Prose of the data files: what stands between backticks is code. */
export function Prose({text}: {readonly text: string}): VNode {
  return <>{text.split("`").map((part, i) => (i % 2 === 0 ? part : <code>{part}</code>))}</>;
}
