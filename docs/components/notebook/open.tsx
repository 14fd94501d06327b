import {inflateSync, strFromU8} from "fflate";
import {render} from "preact";
import {fromBase64Url} from "../state/base64url.ts";
import {follow} from "../state/shared.ts";
import {cellsOf, withCells} from "../state/fragment.ts";
import {showNotice} from "../browser/notice.ts";
import {CellView} from "./cell-view.tsx";
import type {Cell} from "./cell.ts";
import {CellsProblem, decodeCells, encodeCells, MOST_LINK, readCells} from "./codec.ts";
import {createController, type Controller} from "./controller.ts";
import {examples} from "./examples.ts";
import {keep, kept, pageName} from "./keep.ts";
import {ownCells, places} from "./page-cells.ts";
import {openSandbox} from "./sandbox.ts";
import {Toolbar} from "./toolbar.tsx";

interface Open {
  readonly controller: Controller;
  readonly edit: (id: string | null) => void;
  readonly read: () => void;
}

let opened: Open | null = null;

/** Opens the cells of this page: once, then only what was asked for. */
export function openNotebook(base: URL, {cell, insert, code}: {cell?: string; insert?: string; code?: string}): void {
  const already = opened !== null;
  opened ??= start(base);
  const {controller, edit, read} = opened;
  if (already && cell === undefined && insert === undefined && code === undefined) return read();
  if (insert !== undefined || code !== undefined) {
    controller.dispatch({type: "insert", cells: code === undefined ? examples.find(({id}) => id === insert)?.cells ?? [] : [{kind: "ts", code}]});
    controller.runAll();
    document.querySelector("section.cell:last-of-type")?.scrollIntoView({block: "nearest"});
  }
  if (code !== undefined) edit(controller.state().cells.at(-1)?.id ?? null);
  if (cell === "") controller.dispatch({type: "add", after: controller.state().cells.at(-1)?.id ?? "", kind: "ts"});
  if (cell !== undefined) edit(cell === "" ? (controller.state().cells.at(-1)?.id ?? null) : cell);
}

function start(root: URL): Open {
  const base = embedded() ?? ownCells();
  const page = pageName();
  const slots = places();
  const linked = cellsOf(decoded(location.hash));
  const {cells, foreign} = firstCells(base, linked, kept(page));
  const mine = !foreign && embedded() === null;
  let editing: string | null = null;
  let timer: number | undefined;
  let asked = false;
  const changed = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(save, 400);
    if (asked) return;
    asked = true;
    // One drawing for all that a moment brings.
    queueMicrotask(draw);
  };
  const controller = createController({
    base, cells, agreed: mine, changed, say: announce,
    openCage: ({message, killed}) => openSandbox({create: () => createFrame(root), onMessage: message, onKilled: killed})
  });
  const save = (): void => {
    const text = encodeCells(base, controller.state().cells);
    // What came with a link is not the reader's own before it was agreed to.
    if (controller.agreed()) keep(page, text);
    const short = text.length <= MOST_LINK ? text : "";
    history.replaceState(history.state, "", withCells(location.hash, short) || location.pathname + location.search);
  };
  const edit = (id: string | null): void => {
    const before = editing;
    editing = id;
    draw();
    if (id === null && before !== null) document.querySelector<HTMLElement>(`section[data-cell="${before}"]`)?.focus();
  };
  const draw = (): void => {
    asked = false;
    const {cells: now} = controller.state();
    slots.forEach((slot, i) => {
      const last = i === slots.length - 1;
      render(
        <>
          {i === 0 ? <Toolbar controller={controller} base={base} page={page} root={root} /> : null}
          {now.map((cell, index) => (Math.min(cell.slot, slots.length - 1) === i ? <CellView key={cell.id} cell={cell} index={index} controller={controller} opened={editing === cell.id} onEdit={edit} /> : null))}
          {last ? <p class="cell-add"><button type="button" onClick={() => openNotebook(root, {cell: ""})}>Add a cell</button></p> : null}
        </>,
        slot
      );
    });
  };
  const read = (): void => {
    const text = cellsOf(decoded(location.hash));
    if (text === encodeCells(base, controller.state().cells)) return;
    const next = firstCells(base, text, "");
    if (next.foreign) controller.load(next.cells);
  };
  for (const slot of slots) slot.replaceChildren();
  draw();
  if (mine) controller.runAll();
  follow((setting) => controller.follow(setting));
  addEventListener("pagehide", save);
  return {controller, edit, read};
}

/** Cells of the link, else those of the last visit, else the page's own. Only a link's are somebody else's. */
function firstCells(base: readonly Cell[], linked: string, stored: string): {cells: readonly Cell[]; foreign: boolean} {
  try {
    if (linked !== "") return {cells: decodeCells(base, linked), foreign: linked !== stored};
    if (stored !== "") return {cells: decodeCells(base, stored), foreign: false};
  } catch (error) {
    showNotice(error instanceof CellsProblem ? error.message : String(error));
  }
  return {cells: base, foreign: false};
}

/** A notebook of one file brings its cells with it; they are its own, yet somebody else's to whoever opens it. */
function embedded(): readonly Cell[] | null {
  const text = document.getElementById("setmem-cells")?.textContent;
  return text == null ? null : readCells([], JSON.parse(text));
}

/** Some mail programs percent-encode what stands in a fragment. */
function decoded(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

/** The one place where the reader's code runs. It is not seen: what cells show is drawn by the page, from data. */
function createFrame(root: URL): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  const inline = document.getElementById("setmem-frame")?.textContent;
  if (inline == null) frame.src = new URL("cells/cells.html", root).href;
  else frame.srcdoc = strFromU8(inflateSync(fromBase64Url(inline)));
  frame.className = "cells-frame";
  frame.title = "Where cells run";
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  document.body.append(frame);
  return frame;
}

function announce(text: string): void {
  const live = document.getElementById("live-summary");
  if (live !== null) live.textContent = text;
}
