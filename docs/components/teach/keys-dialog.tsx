import {render, type VNode} from "preact";
import {KEYS} from "../notebook/keys.ts";

interface Keys {
  readonly title: string;
  /** Shown where the page has one of these. */
  readonly where: string;
  readonly list: readonly {readonly keys: string; readonly does: string}[];
}

/** Every key of the site, by where it works. */
export const keyMap: readonly Keys[] = [
  {
    title: "Anywhere", where: "body", list: [
      {keys: "/ or Ctrl+K", does: "search"},
      {keys: "Tab, Shift+Tab", does: "to the next or previous control"},
      {keys: "Escape", does: "close a list, a search or a presentation"},
      {keys: "?", does: "this list"}
    ]
  },
  {
    title: "The page's settings", where: '[data-block="controls"]', list: [
      {keys: "Arrow keys", does: "move a slider by a step; Page up and Page down by ten"},
      {keys: "Home, End", does: "a slider's least and most"},
      {keys: "Space", does: "let time run, and stop it"},
      {keys: "Ctrl+Z, Ctrl+Shift+Z", does: "undo and redo"}
    ]
  },
  {title: "While presenting", where: '[data-teach="present"]', list: [{keys: "Arrow left, arrow right", does: "the figure before, the next one"}, {keys: "Escape", does: "leave"}]},
  {title: "A cell that has the focus, not its text", where: "[data-cells]", list: KEYS.filter(({keys}) => keys !== "?")}
];

function KeyMap(): VNode {
  return (
    <>
      <h2>Keys</h2>
      {keyMap.filter(({where}) => document.querySelector(where) !== null).map(({title, list}) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>{list.map(({keys, does}) => <div key={keys}><dt>{keys}</dt><dd>{does}</dd></div>)}</dl>
        </section>
      ))}
      <form method="dialog"><button>Close</button></form>
    </>
  );
}

/** Opens the list of keys; Escape and its button close it, and the focus returns by itself. */
export function showKeys(): void {
  const known = document.querySelector<HTMLDialogElement>("dialog.keys-map");
  if (known?.open === true) return;
  const dialog = known ?? document.createElement("dialog");
  dialog.className = "cells-help keys-map";
  dialog.setAttribute("aria-label", "Keys");
  if (known === null) document.body.append(dialog);
  render(<KeyMap />, dialog);
  dialog.showModal();
}
