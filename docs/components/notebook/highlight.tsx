import {typescriptLanguage} from "@codemirror/lang-javascript";
import {highlightCode, tagHighlighter} from "@lezer/highlight";
import type {VNode} from "preact";
import {useMemo} from "preact/hooks";
import {coloured} from "./coloured.ts";

/** Only what has a colour is an element of its own: a page of code would have to lay out ten times as many. */
const highlighter = tagHighlighter(Object.entries(coloured).map(([name, tag]) => ({tag, class: `tok-${name}`})));

/** Code with its words in classes, as nodes: nothing is ever parsed as HTML. Read once for each text. */
export function Highlighted({code}: {code: string}): VNode {
  return useMemo(() => <code>{words(code)}</code>, [code]);
}

function words(code: string): (string | VNode)[] {
  const parts: (string | VNode)[] = [];
  let plain = "";
  const put = (text: string, classes: string): void => {
    if (classes === "") {
      plain += text;
      return;
    }
    parts.push(plain, <span class={classes}>{text}</span>);
    plain = "";
  };
  highlightCode(code, typescriptLanguage.parser.parse(code), highlighter, put, () => put("\n", ""));
  return [...parts, plain];
}
