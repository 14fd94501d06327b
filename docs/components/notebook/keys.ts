import type {Cell} from "./cell.ts";
import type {Controller} from "./controller.ts";

/** What keys do while a cell has the focus, but not its text; the list `?` shows is this one. */
export const KEYS: readonly {readonly keys: string; readonly does: string}[] = [
  {keys: "Shift+Enter", does: "run the cell"},
  {keys: "Enter", does: "edit the cell"},
  {keys: "Escape", does: "leave the text, back to the cell"},
  {keys: "Arrow up, arrow down", does: "to the cell above or below"},
  {keys: "Alt+arrow up, Alt+arrow down", does: "move the cell"},
  {keys: "b", does: "a new cell of code below"},
  {keys: "t", does: "a new cell of text below"},
  {keys: "f", does: "fold or unfold"},
  {keys: "Delete", does: "delete the cell; undo brings it back"},
  {keys: "?", does: "this list"}
];

const isText = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches("input, textarea, select, .cell-editor");

/** Keys of one cell. Keys typed into its text are the editor's. */
export function cellKeys(event: KeyboardEvent, cell: Cell, controller: Controller, onEdit: (id: string | null) => void): void {
  const {key, altKey, shiftKey, ctrlKey, metaKey} = event;
  const section = event.currentTarget as HTMLElement;
  const typing = isText(event.target);
  if (key === "Enter" && shiftKey && !isEditor(event.target)) {
    done(event, () => controller.run(cell.id));
    return;
  }
  if (typing && key === "Escape" && !isEditor(event.target)) {
    done(event, () => onEdit(null));
    return;
  }
  if (typing || ctrlKey || metaKey) return;
  const onCell = event.target === section;
  if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    done(event, () => controller.dispatch({type: "move", id: cell.id, by: key === "ArrowUp" ? -1 : 1}));
    return;
  }
  if (!onCell || altKey) return;
  const acts: Readonly<Record<string, () => void>> = {
    Enter: () => onEdit(cell.id),
    ArrowUp: () => go(section, -1),
    ArrowDown: () => go(section, 1),
    b: () => controller.dispatch({type: "add", after: cell.id, kind: "ts"}),
    t: () => controller.dispatch({type: "add", after: cell.id, kind: "md"}),
    f: () => controller.dispatch({type: "fold", id: cell.id}),
    Delete: () => controller.dispatch({type: "delete", id: cell.id})
  };
  const act = acts[key];
  if (act !== undefined) done(event, act);
}

const isEditor = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches(".cell-editor");

function done(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  act();
}

function go(section: HTMLElement, by: -1 | 1): void {
  const all = [...document.querySelectorAll<HTMLElement>("section.cell")];
  all[all.indexOf(section) + by]?.focus();
}
