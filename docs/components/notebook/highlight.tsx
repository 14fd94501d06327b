import {typescriptLanguage} from "@codemirror/lang-javascript";
import {classHighlighter, highlightCode} from "@lezer/highlight";
import type {VNode} from "preact";
import {useMemo} from "preact/hooks";

/** Code with its words in classes, as nodes: nothing is ever parsed as HTML. Read once for each text. */
export function Highlighted({code}: {code: string}): VNode {
  return useMemo(() => <code>{words(code)}</code>, [code]);
}

function words(code: string): (string | VNode)[] {
  const parts: (string | VNode)[] = [];
  const put = (text: string, classes: string): void => void parts.push(classes === "" ? text : <span class={classes}>{text}</span>);
  highlightCode(code, typescriptLanguage.parser.parse(code), classHighlighter, put, () => parts.push("\n"));
  return parts;
}
