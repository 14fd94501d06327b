import {render} from "preact";
import {Tools} from "../controls/tools.tsx";
import type {PageDef} from "../pages/page.ts";
import {blocks} from "./blocks.ts";
import {drawNear, type FromBuild} from "./near.ts";

/** What each tool would print, kept in step with the state. */
export function mountTools<C>(page: PageDef<C>, latest: () => C): FromBuild {
  const tree = () => <Tools outputs={page.tools?.(latest()) ?? []} onCopy={(text) => void navigator.clipboard.writeText(text).catch(() => undefined)} />;
  return drawNear(blocks("tools").map((element) => ({element, redraw: () => render(tree(), element)})));
}
