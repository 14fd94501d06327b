import {javascriptLanguage, typescriptLanguage} from "@codemirror/lang-javascript";
import {classHighlighter, highlightCode} from "@lezer/highlight";
import type {VNode} from "preact";

/** Code with its words in classes, as nodes: nothing is ever parsed as HTML. */
export function Highlighted({code}: {code: string}): VNode {
  const parts: (string | VNode)[] = [];
  const language = /\S/.test(code) ? typescriptLanguage : javascriptLanguage;
  highlightCode(code, language.parser.parse(code), classHighlighter, (text, classes) => parts.push(classes === "" ? text : <span class={classes}>{text}</span>), () => parts.push("\n"));
  return <code>{parts}</code>;
}
