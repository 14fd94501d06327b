import {existsSync, statSync} from "node:fs";
import {createRequire} from "node:module";
import {resolve} from "node:path";
import type MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import {cellFence} from "./docs/components/notebook/fence.ts";
import {addTableOfContents} from "./scripts/toc.ts";

/**
 * Framework is router and Markdown here; figures, numbers and the shell come
 * from docs/components, bundled to .cache/hook.cjs and loaded afresh whenever
 * that file is newer: a running preview would keep an ES module for ever.
 */
interface Hook {
  readonly fence: (path: string, info: string, sources: readonly string[]) => string;
  readonly cell: (path: string, cells: readonly CellFence[], index: number) => string;
  readonly number: (path: string, name: string) => string;
  readonly head: (page: PageInfo) => string;
  readonly header: (page: PageInfo) => string;
  readonly footer: (page: PageInfo) => string;
  readonly pages: readonly {readonly path: string; readonly name: string}[];
}
interface CellFence {
  readonly text: string;
  readonly figures: readonly string[];
}
interface PageInfo {
  readonly title: string | null;
  readonly path: string;
}

const file = resolve(".cache/hook.cjs");
const require = createRequire(import.meta.url);
let loaded: {readonly at: number; readonly hook: Hook} | null = null;

function hook(): Hook {
  if (!existsSync(file)) throw new Error("no .cache/hook.cjs: run npm run build or npm run preview");
  const at = statSync(file).mtimeMs;
  if (loaded?.at !== at) {
    Reflect.deleteProperty(require.cache, file);
    loaded = {at, hook: require(file) as Hook};
  }
  return loaded.hook;
}

/** Rules are told which page they are on through markdown-it's environment. */
const pathOf = (env: unknown): string => (env as {path: string}).path;

/** Code that the reader may change: drawn and run by us, never by Framework. */
const cellsIn = (tokens: readonly Token[]): (CellFence & {readonly token: Token})[] => tokens.flatMap((token) => {
  const figures = token.type === "fence" ? cellFence(token.info) : null;
  return figures === null ? [] : [{token, text: token.content, figures}];
});

function markdownIt(md: MarkdownIt): MarkdownIt {
  const base = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, i, options, env, self) => {
    const info = tokens[i]?.info ?? "";
    const cells = cellsIn(tokens);
    if (/^setmem\b/.test(info)) return hook().fence(pathOf(env), info, cells.flatMap(({figures}) => figures));
    const index = cells.findIndex(({token}) => token === tokens[i]);
    if (index >= 0) return hook().cell(pathOf(env), cells.map(({text, figures}) => ({text, figures})), index);
    return base?.(tokens, i, options, env, self) ?? "";
  };
  md.inline.ruler.before("text", "model-number", (state, silent) => {
    const match = /^\{\{(\w+)\}\}/.exec(state.src.slice(state.pos));
    if (match === null) return false;
    if (!silent) state.push("model_number", "", 0).content = match[1] ?? "";
    state.pos += match[0].length;
    return true;
  });
  // Raw HTML is not parsed for inline rules: numbers in it are filled in when it is written out.
  const html = md.renderer.rules.html_block;
  md.renderer.rules.html_block = (tokens, i, options, env, self) => (html?.(tokens, i, options, env, self) ?? tokens[i]?.content ?? "").replace(/\{\{(\w+)\}\}/g, (_, name: string) => hook().number(pathOf(env), name));
  md.renderer.rules.model_number = (tokens, i, _options, env) => hook().number(pathOf(env), tokens[i]?.content ?? "");
  addTableOfContents(md);
  return md;
}

export default {
  root: "docs",
  output: "dist",
  base: process.env.SETMEM_BASE ?? "/",
  title: "setmem",
  pages: hook().pages.map(({name, path}) => ({name, path})),
  sidebar: false,
  pager: false,
  toc: false,
  search: false,
  style: "style.css",
  globalStylesheets: [],
  preserveExtension: true,
  preserveIndex: true,
  head: (page: PageInfo) => hook().head(page),
  header: (page: PageInfo) => hook().header(page),
  footer: (page: PageInfo) => hook().footer(page),
  markdownIt
};
