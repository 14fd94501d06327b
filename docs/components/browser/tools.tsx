import {hydrate, render} from "preact";
import {Tools} from "../controls/tools.tsx";
import type {PageDef} from "../pages/page.ts";
import {blocks} from "./blocks.ts";
import {drawNear, type Near} from "./near.ts";

/** What each tool would print, kept in step with the state, a few times a second: text that changes faster cannot be read. */
export function mountTools<C>(page: PageDef<C>, latest: () => C): Near {
  const tree = () => <Tools outputs={page.tools?.(latest()) ?? []} onCopy={(text) => void navigator.clipboard.writeText(text).catch(() => undefined)} />;
  const elements = blocks("tools");
  for (const element of elements) hydrate(tree(), element);
  const near = drawNear(elements.map((element) => ({element, redraw: () => render(tree(), element)})));
  let timer: number | undefined;
  const draw = (): void => {
    timer = undefined;
    near.draw();
  };
  return {...near, draw: () => void (timer ??= window.setTimeout(draw, PAUSE_MS))};
}

const PAUSE_MS = 150;
