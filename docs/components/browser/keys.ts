import type {Store} from "../state/store.ts";
import type {Player} from "./player.ts";

/** Keys of the page: undo and redo, and the space bar for time where no control has the focus. */
export function pageKeys(store: Store, player: Player): void {
  addEventListener("keydown", (event) => {
    if (isUndo(event)) {
      event.preventDefault();
      if (event.shiftKey) store.redo();
      else store.undo();
    } else if (event.key === " " && event.target === document.body && store.spec.params.some((p) => p.name === "time")) {
      event.preventDefault();
      player.toggle();
    }
  });
}

/** In a text field the browser's own undo goes first. */
function isUndo(event: KeyboardEvent): boolean {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
  return !typing && (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
}
