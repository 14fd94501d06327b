import type {VNode} from "preact";
import {useRef, useState} from "preact/hooks";
import type {Cell} from "./cell.ts";
import {encodeCells, MOST_LINK} from "./codec.ts";
import type {Controller} from "./controller.ts";
import {keep} from "./keep.ts";
import {KEYS} from "./keys.ts";

export interface ToolbarProps {
  readonly controller: Controller;
  readonly base: readonly Cell[];
  readonly page: string;
  readonly root: URL;
}

/** What can be done to all cells at once, and what code that came from elsewhere asks first. */
export function Toolbar({controller, base, page, root}: ToolbarProps): VNode {
  const {cells} = controller.state();
  const help = useRef<HTMLDialogElement>(null);
  const [said, setSaid] = useState("");
  const tooLong = encodeCells(base, cells).length > MOST_LINK;
  return (
    <div class="cells-bar" onKeyDown={(event) => (event.key === "?" && !(event.target instanceof HTMLInputElement) ? (event.preventDefault(), help.current?.showModal()) : undefined)}>
      {controller.agreed() ? null : <Consent controller={controller} cells={cells} />}
      <div class="cells-buttons" role="group" aria-label="All cells">
        <button type="button" onClick={() => controller.runAll()} disabled={!controller.agreed()}>Run all</button>
        <button type="button" onClick={() => controller.undo()} disabled={!controller.canUndo()} aria-label="Undo in cells">Undo</button>
        <button type="button" onClick={() => controller.redo()} disabled={!controller.canRedo()} aria-label="Redo in cells">Redo</button>
        <button type="button" onClick={() => (controller.dispatch({type: "reset-all"}), controller.runAll())}>Reset all cells</button>
        <button type="button" onClick={() => (keep(page, ""), setSaid("Nothing of this page is kept in this browser now."))}>Forget what is kept</button>
        <FileMenu controller={controller} page={page} root={root} say={setSaid} />
        <button type="button" aria-keyshortcuts="?" onClick={() => help.current?.showModal()}>Keys</button>
      </div>
      {tooLong ? <p class="cell-note" role="status">These cells are too long for a link ({MOST_LINK} characters): save them as a file.</p> : null}
      {said === "" ? null : <p class="cell-note" role="status">{said}</p>}
      <dialog ref={help} class="cells-help" aria-label="Keys of cells">
        <h2>Keys</h2>
        <p>While a cell has the focus, not its text:</p>
        <dl>{KEYS.map(({keys, does}) => <div key={keys}><dt>{keys}</dt><dd>{does}</dd></div>)}</dl>
        <form method="dialog"><button>Close</button></form>
      </dialog>
    </div>
  );
}

/** Code of a link or file runs only after the reader has seen it and said so. */
function Consent({controller, cells}: {controller: Controller; cells: readonly Cell[]}): VNode {
  const foreign = cells.filter((cell) => cell.kind === "ts" && !controller.state().base.some(({id, code}) => id === cell.id && code === cell.code)).length;
  return (
    <div class="cells-consent" role="alert">
      <p>{foreign} of the cells below came with a link or a file, and not from this site. Nothing of them has run. Read them; they run in a closed frame that sees neither this page nor the network.</p>
      <button type="button" onClick={() => controller.agree()}>I have read them: run</button>
      <button type="button" onClick={() => (controller.dispatch({type: "reset-all"}), controller.agree())}>Use the page's own cells</button>
    </div>
  );
}

function FileMenu({controller, page, root, say}: {controller: Controller; page: string; root: URL; say: (text: string) => void}): VNode {
  const input = useRef<HTMLInputElement>(null);
  const save = (kind: "ipynb" | "kit" | "html") => (): void => {
    void import("./files.ts").then(({saveAs}) => saveAs(kind, controller.state().cells, page, root)).then(say, (error: unknown) => say(String(error)));
  };
  const open = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      const {readFile} = await import("./files.ts");
      controller.load(readFile(await file.text()));
      say(`${file.name} opened.`);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <details class="cell-more">
      <summary>File</summary>
      <div>
        <button type="button" onClick={save("ipynb")}>Save as Jupyter notebook</button>
        <button type="button" onClick={save("kit")}>Save as Notebook Kit</button>
        <button type="button" onClick={save("html")}>Save as one page</button>
        <button type="button" onClick={() => input.current?.click()}>Open a notebook or scenario</button>
        <input ref={input} type="file" accept=".ipynb,.html,.json" hidden aria-label="File with cells" onChange={(event) => void open(event.currentTarget.files?.[0])} />
      </div>
    </details>
  );
}
