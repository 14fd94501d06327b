import {hydrate, render} from "preact";
import {Tools} from "../controls/tools.tsx";
import type {PageDef} from "../pages/page.ts";
import {blocks} from "./blocks.ts";
import {drawNear, type Near} from "./near.ts";

/** What each tool would print, kept in step with the state. */
export function mountTools<C>(page: PageDef<C>, latest: () => C): Near {
  const tree = () => <Tools outputs={page.tools?.(latest()) ?? []} onCopy={(text) => void navigator.clipboard.writeText(text).catch(() => undefined)} />;
  const elements = blocks("tools");
  for (const element of elements) hydrate(tree(), element);
  return drawNear(elements.map((element) => ({element, redraw: () => render(tree(), element)})));
}
