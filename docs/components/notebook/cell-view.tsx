import {Fragment, type VNode} from "preact";
import {useEffect, useRef, useState} from "preact/hooks";
import type {Cell} from "./cell.ts";
import {errorText, type Controller} from "./controller.ts";
import type {Editor} from "./editor.ts";
import {Highlighted} from "./highlight.tsx";
import {cellKeys} from "./keys.ts";
import {Tree} from "./tree-view.tsx";

export interface CellProps {
  readonly cell: Cell;
  readonly index: number;
  readonly controller: Controller;
  /** The reader asked to edit this cell just now. */
  readonly opened: boolean;
  readonly onEdit: (id: string | null) => void;
}

/** A cell: its name, what can be done to it, its text, and what came of it. */
export function CellView(props: CellProps): VNode {
  const {cell, index, controller, opened, onEdit} = props;
  const name = `Cell ${index + 1}`;
  const result = controller.result(cell.id);
  const own = controller.state().base.some(({id, code}) => id === cell.id && code !== cell.code);
  return (
    <section class={`cell ${result?.status ?? "idle"}`} data-cell={cell.id} aria-label={name} tabIndex={-1} onKeyDown={(event) => cellKeys(event, cell, controller, onEdit)}>
      <header>
        <span class="cell-name">{name}</span>
        <span class="cell-tools">
          {cell.kind === "ts" ? <Button name={name} act="Run" keys="Shift+Enter" onClick={() => controller.run(cell.id)} disabled={!controller.agreed()} /> : null}
          {opened ? <Button name={name} act="Done" onClick={() => onEdit(null)} /> : <Button name={name} act="Edit" onClick={() => onEdit(cell.id)} />}
          {own ? <Button name={name} act="Reset" onClick={() => controller.dispatch({type: "reset", id: cell.id})} /> : null}
          <Button name={name} act={cell.folded ? "Unfold" : "Fold"} onClick={() => controller.dispatch({type: "fold", id: cell.id})} />
          <details class="cell-more">
            <summary aria-label={`More for ${name}`}>More</summary>
            <div>
              <Button name={name} act="Move up" keys="Alt+ArrowUp" onClick={() => controller.dispatch({type: "move", id: cell.id, by: -1})} />
              <Button name={name} act="Move down" keys="Alt+ArrowDown" onClick={() => controller.dispatch({type: "move", id: cell.id, by: 1})} />
              <Button name={name} act="Add code below" onClick={() => controller.dispatch({type: "add", after: cell.id, kind: "ts"})} />
              <Button name={name} act="Add text below" onClick={() => controller.dispatch({type: "add", after: cell.id, kind: "md"})} />
              <Button name={name} act="Delete" onClick={() => controller.dispatch({type: "delete", id: cell.id})} />
            </div>
          </details>
        </span>
      </header>
      {cell.folded ? null : <Source {...props} name={name} />}
      {result !== null && controller.isStale(cell) && controller.agreed() ? <p class="cell-note">Changed since it ran.</p> : null}
      <Output cell={cell} controller={controller} />
    </section>
  );
}

function Button({name, act, keys, onClick, disabled = false}: {name: string; act: string; keys?: string; onClick: () => void; disabled?: boolean}): VNode {
  return <button type="button" aria-label={`${act} ${name.toLowerCase()}`} title={keys === undefined ? act : `${act} (${keys})`} disabled={disabled} onClick={onClick}>{act}</button>;
}

function Source({cell, controller, opened, onEdit, name}: CellProps & {name: string}): VNode {
  if (cell.kind === "md" && !opened) return <div class="cell-text">{cell.code.split(/\n\s*\n/).map((text, i) => <p key={i}>{text}</p>)}</div>;
  if (!opened) return <pre class="cell-code" tabIndex={0}><Highlighted code={cell.code} /></pre>;
  if (cell.kind === "md") return <PlainEditor cell={cell} controller={controller} name={name} />;
  return <CodeEditor cell={cell} controller={controller} onEdit={onEdit} name={name} />;
}

function PlainEditor({cell, controller, name}: {cell: Cell; controller: Controller; name: string}): VNode {
  return <textarea class="cell-plain" aria-label={`Text of ${name.toLowerCase()}`} rows={Math.max(3, cell.code.split("\n").length)} value={cell.code} onInput={(event) => controller.dispatch({type: "edit", id: cell.id, code: event.currentTarget.value})} />;
}

/** A plain text field until the editor is there. */
function CodeEditor({cell, controller, onEdit, name}: {cell: Cell; controller: Controller; onEdit: CellProps["onEdit"]; name: string}): VNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let gone = false;
    void Promise.all([import("./editor.ts"), import("./symbols.ts")]).then(([{createEditor}, {symbols}]) => {
      if (gone || host.current === null) return;
      const text = controller.state().cells.find(({id}) => id === cell.id)?.code ?? cell.code;
      editor.current = createEditor({
        host: host.current, code: text, label: `Code of ${name.toLowerCase()}`, symbols,
        onChange: (code) => controller.dispatch({type: "edit", id: cell.id, code}),
        onRun: () => controller.run(cell.id),
        onLeave: () => onEdit(null),
        names: () => controller.state().cells.flatMap(({code}) => Array.from(code.matchAll(/^(?:const|let|var|function|class)\s+([A-Za-z_$][\w$]*)/gm), ([, found = ""]) => found))
      });
      setReady(true);
      editor.current.focus();
    });
    return () => {
      gone = true;
      editor.current?.destroy();
    };
  }, [cell.id]);
  useEffect(() => editor.current?.set(cell.code), [cell.code]);
  const error = controller.result(cell.id)?.error ?? null;
  useEffect(() => {
    if (error?.line != null) editor.current?.mark(error.line, error.column ?? 1);
  }, [error]);
  return (
    <>
      <div class="cell-editor" ref={host} />
      {ready ? null : <PlainEditor cell={cell} controller={controller} name={name} />}
    </>
  );
}

function Output({cell, controller}: {cell: Cell; controller: Controller}): VNode | null {
  const result = controller.result(cell.id);
  if (result === null) return null;
  return (
    <div class="cell-output">
      {result.error === null ? null : <p class="cell-error" role="alert">{errorText(result.error)}</p>}
      {result.nodes.map((node, i) => <Fragment key={i}><Tree node={node} onControl={(event) => controller.control(event)} /></Fragment>)}
    </div>
  );
}
