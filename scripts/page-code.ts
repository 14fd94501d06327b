import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {examples, type Example} from "../docs/components/notebook/examples.ts";
import {cellFence} from "../docs/components/notebook/fence.ts";
import * as scopeValues from "../docs/components/notebook/scope-values.ts";
import {pageById} from "../docs/components/pages/index.ts";
import {isChoice, type ParamTable} from "../docs/components/state/params.ts";

/** Types have no value to be found by: they are read where the model's surface names them. */
const TYPE_NAMES = Array.from(readFileSync("src/index.ts", "utf8").matchAll(/^export (type )?\{([^}]*)\}/gm), ([, all, names = ""]) => names.split(",").flatMap((name) => {
  const [, type] = /^\s*(?:type )?(\w+)$/.exec(name) ?? [];
  return type !== undefined && (all !== undefined || name.trim().startsWith("type ")) ? [type] : [];
})).flat();
const SCOPE_NAMES = Object.keys(scopeValues);

/**
 * Code in pages is checked like any other: every ```ts fence becomes a file
 * that `tsc` reads. Lines keep their numbers, so line 64 of
 * .cache/page-code/qemu-kvm.md.60.ts is line 64 of docs/qemu-kvm.md.
 */
export interface PageCode {
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface PageReport {
  readonly code: readonly PageCode[];
  /** Fences `ts cell`: they share one scope, and the notebook's. Each names the figures it is the source of. */
  readonly cells: readonly (PageCode & {readonly figures: readonly string[]})[];
  /** What Framework would run in the reader's browser: the site runs none of it. */
  readonly problems: readonly string[];
}

/** Languages whose fences Framework turns into cells. */
const CELLS = new Set(["js", "jsx", "ts", "tsx", "html", "svg", "tex", "dot", "mermaid", "sql", "node", "python", "r"]);

export function readPage(name: string, markdown: string): PageReport {
  const code: PageCode[] = [];
  const problems: string[] = [];
  const cells: (PageCode & {figures: readonly string[]})[] = [];
  let open: {mark: string; language: string; figures: readonly string[] | null; line: number; lines: string[]} | null = null;
  const prose: string[] = [];
  markdown.split(/\r?\n/).forEach((text, i) => {
    const line = i + 1;
    if (open !== null) {
      prose.push("");
      if (text.trim().startsWith(open.mark) && /^(`+|~+)$/.test(text.trim())) {
        if (open.figures !== null) cells.push({line: open.line, text: open.lines.join("\n"), figures: open.figures});
        else if (open.language === "ts") code.push({line: open.line, text: open.lines.join("\n")});
        open = null;
      } else open.lines.push(text);
      return;
    }
    const fence = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(text);
    if (fence === null) return void prose.push(text);
    const [, mark = "", info = ""] = fence;
    const language = /^[\w-]*/.exec(info.trim())?.[0] ?? "";
    const figures = cellFence(info);
    if (figures === null && CELLS.has(language) && !/\brun=(false|"false")(?![\w-])/.test(info)) problems.push(`docs/${name}:${line}: a ${language} fence without run=false is a Framework cell`);
    prose.push("");
    open = {mark, language, figures, line, lines: []};
  });
  // Code spans are shown, not run.
  const shown = prose.join("\n").replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (span) => span.replace(/[^\n]/g, " "));
  shown.split("\n").forEach((text, i) => {
    if (/(?<![\\$])\$\{/.test(text)) problems.push(`docs/${name}:${i + 1}: \${...} in prose is a Framework cell`);
  });
  return {code, cells, problems};
}

export const asFile = ({line, text}: PageCode): string => `${"\n".repeat(line)}${text}\nexport {};\n`;

/** The parameters of a page as a type: a choice is one of its values. */
export const paramsType = (table: ParamTable): string =>
  `{${table.map((param) => `readonly ${param.name}: ${isChoice(param) ? param.options.map(({value}) => value).join(" | ") : "number"}`).join("; ")}}`;

/** A page's cells as one file, each at its lines, below what is in their scope. */
export function asCellFile(cells: readonly PageCode[], params: ParamTable): string {
  const uses = (name: string): boolean => cells.some(({text}) => new RegExp(`\\b${name}\\b`).test(text));
  const used = [...SCOPE_NAMES.filter(uses), ...TYPE_NAMES.filter(uses).map((name) => `type ${name}`)];
  const lines = [`import {${used.join(", ")}} from "setmem/docs/components/notebook/scope-values.ts"; declare const params: ${paramsType(params)}; declare function display<T>(value: T): T;`];
  for (const {line, text} of cells) {
    while (lines.length < line) lines.push("");
    // On the line of the closing fence: what one cell ends with is not called by the next.
    lines.push(...text.split("\n"), ";");
  }
  return `${lines.join("\n")}\nexport {};\n`;
}

/** The examples of the notebook are checked like the pages. */
const exampleFile = ({cells}: Example): string => asCellFile(cells.filter(({kind}) => kind === "ts").map(({code}) => ({line: 1, text: code})), []);

/** Writes every page's code to a folder and returns what is wrong with the pages. */
export function extract(docs: string, out: string): string[] {
  rmSync(out, {recursive: true, force: true});
  mkdirSync(out, {recursive: true});
  for (const example of examples) writeFileSync(join(out, `example-${example.id}.ts`), exampleFile(example));
  return readdirSync(docs).filter((name) => name.endsWith(".md")).sort().flatMap((name) => {
    const {code, cells, problems} = readPage(name, readFileSync(join(docs, name), "utf8"));
    for (const piece of code) writeFileSync(join(out, `${name}.${piece.line}.ts`), asFile(piece));
    if (cells.length > 0) writeFileSync(join(out, `${name}.cells.ts`), asCellFile(cells, pageById(name.replace(/\.md$/, ""))?.spec.params ?? []));
    return problems;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const problems = extract("docs", ".cache/page-code");
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
