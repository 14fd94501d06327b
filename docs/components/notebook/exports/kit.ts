import {isCode, MOST_CELLS, type Cell} from "../cell.ts";
import {CellsProblem} from "../codec.ts";

/** A notebook of Observable's Notebook Kit: one HTML file, a script element for each cell. */
export function toKit(cells: readonly Cell[], title: string): string {
  const scripts = cells.map((cell, i) => `  <script id="${i + 1}" type="${cell.kind === "ts" ? "text/x-typescript" : "text/markdown"}"${cell.kind === "ts" ? " pinned" : ""}>\n${indent(cell.code)}\n  </script>`);
  return `<!doctype html>\n<notebook theme="air">\n  <title>${escapeText(title)}</title>\n${scripts.join("\n")}\n</notebook>\n`;
}

const indent = (code: string): string => escapeScript(code).split("\n").map((line) => `    ${line}`).join("\n");
const outdent = (text: string): string => unescapeScript(text.split("\n").map((line) => line.replace(/^ {4}/, "")).join("\n"));

/** As Notebook Kit does it: a backslash in front of the slash of what would end the script. */
const escapeScript = (code: string): string => code.replace(/<(\\*)\/(?=script)/gi, "<\\$1/");
const unescapeScript = (text: string): string => text.replace(/<\\(\\*)\/(?=script)/gi, "<$1/");
const escapeText = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** Reads a notebook of Notebook Kit: cells of TypeScript, JavaScript and Markdown. Throws `CellsProblem`. */
export function fromKit(text: string): readonly Cell[] {
  if (!/<notebook[\s>]/.test(text)) throw new CellsProblem("this file is not a notebook of Notebook Kit");
  const cells: Cell[] = [];
  for (const [, attributes = "", body = ""] of text.matchAll(/<script\b([^>]*)>\r?\n?([\s\S]*?)\r?\n? *<\/script>/g)) {
    const type = /\btype="([^"]*)"/.exec(attributes)?.[1] ?? "module";
    const kind = type === "text/markdown" ? "md" : type === "text/x-typescript" || type === "module" ? "ts" : null;
    if (kind === null) continue;
    const code = outdent(body);
    if (!isCode(code) || cells.length >= MOST_CELLS) throw new CellsProblem("this notebook is too long");
    cells.push({id: `n${cells.length + 1}`, kind, code, folded: false, slot: 0});
  }
  return cells;
}
