import {hydrate, render} from "preact";
import {Tools} from "../controls/tools.tsx";
import type {PageDef} from "../pages/page.ts";

/** What each tool would print, kept in step with the state. */
export function mountTools<C>(page: PageDef<C>, first: C): {readonly draw: (computed: C) => void} {
  const elements = Array.from(document.querySelectorAll('[data-block="tools"]'));
  const tree = (computed: C) => <Tools outputs={page.tools?.(computed) ?? []} onCopy={(text) => void navigator.clipboard.writeText(text).catch(() => undefined)} />;
  for (const element of elements) hydrate(tree(first), element);
  return {
    draw: (computed) => {
      for (const element of elements) render(tree(computed), element);
    }
  };
}
