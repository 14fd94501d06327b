import {hydrate, render} from "preact";
import {Tools} from "../controls/tools.tsx";
import type {PageDef} from "../pages/page.ts";
import {blocks} from "./blocks.ts";

export interface MountedTools<C> {
  readonly draw: (computed: C) => void;
}

/** What each tool would print, kept in step with the state, a few times a second: text that changes faster cannot be read. */
export function mountTools<C>(page: PageDef<C>, first: C): MountedTools<C> {
  const elements = blocks("tools");
  const tree = (computed: C) => <Tools outputs={page.tools?.(computed) ?? []} onCopy={(text) => void navigator.clipboard.writeText(text).catch(() => undefined)} />;
  for (const element of elements) hydrate(tree(first), element);
  let latest = first;
  let timer: number | undefined;
  const redraw = (): void => {
    timer = undefined;
    for (const element of elements) render(tree(latest), element);
  };
  return {
    draw: (computed) => {
      latest = computed;
      if (elements.length > 0) timer ??= window.setTimeout(redraw, PAUSE_MS);
    }
  };
}

const PAUSE_MS = 150;
