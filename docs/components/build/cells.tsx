import {Fragment, type VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import type {Cell} from "../notebook/cell.ts";
import {sourceId} from "../notebook/fence.ts";
import {compile} from "../notebook/compile.ts";
import {examples} from "../notebook/examples.ts";
import {Highlighted} from "../notebook/highlight.tsx";
import {inspect, isMarkup} from "../notebook/inspect.ts";
import {runNow, type Ran} from "../notebook/run-now.ts";
import * as scope from "../notebook/scope-values.ts";
import {Tree} from "../notebook/tree-view.tsx";
import {pageById} from "../pages/index.ts";
import {initialState} from "../state/page-state.ts";
import {modelOf} from "./site-map.ts";

/** The cells of a page's Markdown, in order. */
export const pageCells = (texts: readonly string[]): Cell[] => texts.map((text, i) => ({id: `c${i + 1}`, kind: "ts", code: text.replace(/\n$/, ""), folded: false, slot: i}));

/** Parameters that a page's cells see when nothing has been moved. */
export function defaultParams(path: string): Readonly<Record<string, number>> {
  const page = pageById(modelOf(path));
  return page === undefined ? {} : initialState(page.spec).params;
}

let last: {readonly key: string; readonly ran: ReadonlyMap<string, Ran>} | null = null;

/** What the cells of a page show in its default state. */
export function ranCells(path: string, texts: readonly string[]): ReadonlyMap<string, Ran> {
  const key = JSON.stringify([path, texts]);
  if (last?.key !== key) last = {key, ran: runNow(pageCells(texts), {...scope, params: defaultParams(path)})};
  return last.ran;
}

/** A cell as its fence has it: its text, and the figures of the page that it is the source of. */
export interface CellFence {
  readonly text: string;
  readonly figures: readonly string[];
}

/** The fence ```ts cell: its source, highlighted, and what it made. */
export function renderCell(path: string, fences: readonly CellFence[], index: number): string {
  const texts = fences.map(({text}) => text);
  const cell = pageCells(texts)[index];
  if (cell === undefined) throw new Error(`page ${path} has no cell ${index}`);
  const shown = ranCells(path, texts).get(cell.id)?.shown ?? [];
  return renderToString(
    <>{fences[index]?.figures.map((name) => <span key={name} class="source-of" id={sourceId(name)} tabIndex={-1} />)}
    <div class="cells" data-cells={String(index)}>
      <section class="cell" data-cell={cell.id} aria-label={titleOf(cell, index)}>
        <header><span class="cell-name">{titleOf(cell, index)}</span><button type="button" class="needs-js" data-open-cell={cell.id}>Edit</button></header>
        <pre class="cell-code"><Highlighted code={cell.code} /></pre>
        <div class="cell-output">{shown.map((value, i) => <Fragment key={i}>{drawn(value)}</Fragment>)}</div>
      </section>
    </div></>
  );
}

/** A cell by its number and what it declares. */
export function titleOf(cell: Cell, index: number): string {
  const {outputs} = compile(cell.code);
  return `Cell ${index + 1}${outputs.length === 0 ? "" : `: ${outputs.join(", ")}`}`;
}

function drawn(value: unknown): VNode {
  if (isMarkup(value)) return <div dangerouslySetInnerHTML={{__html: value.html}} />;
  return <Tree node={inspect(value)} /> as VNode;
}

/** The fence ```setmem notebook: the place of the reader's own cells, and the examples that can be put there. */
export function renderNotebook(): string {
  return renderToString(
    <>
      <div class="cells notebook needs-js" data-cells="0" data-notebook><p><button type="button" data-open-cell="">Start with an empty cell</button></p></div>
      <div class="examples">
        {examples.map(({id, title, about, cells}) => (
          <details key={id} class="example">
            <summary>{title}</summary>
            <p>{about}</p>
            {cells.map((cell) => (cell.kind === "ts" ? <pre key={cell.id} class="cell-code" tabIndex={0}><Highlighted code={cell.code} /></pre> : <p key={cell.id}>{cell.code}</p>))}
            <p class="needs-js"><button type="button" data-insert={id}>Insert these cells</button></p>
          </details>
        ))}
      </div>
    </>
  );
}
