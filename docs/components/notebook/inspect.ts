import type {OutNode} from "./tree.ts";

const MARKUP = Symbol.for("setmem.markup");

export const isMarkup = (value: unknown): value is Markup => typeof value === "object" && value !== null && MARKUP in value;

/** Markup of our own figures: written by pure functions, here and at build time. */
export class Markup {
  readonly html: string;
  /** Known by this, not by its class: the model and the frame are scripts of their own. */
  readonly [MARKUP] = true;
  constructor(html: string) {
    this.html = html;
  }
  toString(): string {
    return this.html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  }
}

const MOST_ROWS = 40;
const MOST_COLUMNS = 12;
const MOST_TEXT = 4_000;

const element = (tag: string, children: readonly OutNode[], attributes: Record<string, string> = {}): OutNode => ({tag, attributes, children});

/** A value as text or as a table, the same at build time and in the frame. DOM nodes and markup are the caller's. */
export function inspect(value: unknown): OutNode {
  const rows = tableOf(value);
  if (rows !== null) return rows;
  return element("pre", [format(value)], {class: "cell-value"});
}

function tableOf(value: unknown): OutNode | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every((row) => isPlain(row))) return null;
  const list = value;
  const columns = [...new Set(list.slice(0, MOST_ROWS).flatMap((row) => Object.keys(row)))].slice(0, MOST_COLUMNS);
  if (columns.length === 0) return null;
  const head = element("tr", columns.map((name) => element("th", [name], {scope: "col", ...(list.every((row) => typeof row[name] === "number") ? {class: "cell-number"} : {})})));
  const body = list.slice(0, MOST_ROWS).map((row) => element("tr", columns.map((name) => element("td", [cellText(row[name])], typeof row[name] === "number" ? {class: "cell-number"} : {}))));
  const more = list.length > MOST_ROWS ? [element("p", [`and ${list.length - MOST_ROWS} more rows`])] : [];
  return element("div", [element("table", [element("thead", [head]), element("tbody", body)]), ...more], {class: "cell-table", tabindex: "0", role: "group", "aria-label": "The output as a table"});
}

const cellText = (value: unknown): string => (value === undefined ? "" : typeof value === "string" ? value : format(value, 1));

const isPlain = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  const proto = Object.getPrototypeOf(value) as {constructor?: {name?: string}} | null;
  return proto === null || proto.constructor?.name === "Object";
};

const isList = (value: object): value is ArrayLike<unknown> => Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/** Like what a console prints: bounded in depth and length. */
export function format(value: unknown, depth = 3): string {
  const text = formatDeep(value, depth, new Set());
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)} ...` : text;
}

function formatDeep(value: unknown, depth: number, seen: ReadonlySet<unknown>): string {
  if (typeof value === "string") return seen.size === 0 ? value : JSON.stringify(value);
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "bigint") return `${String(value)}n`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (seen.has(value)) return "(circular)";
  const inside = new Set([...seen, value]);
  if (value instanceof Map) return `Map {${[...value].slice(0, 20).map(([k, v]) => `${formatDeep(k, depth - 1, inside)} => ${formatDeep(v, depth - 1, inside)}`).join(", ")}}`;
  if (value instanceof Set) return `Set {${[...value].slice(0, 20).map((v) => formatDeep(v, depth - 1, inside)).join(", ")}}`;
  if (isList(value)) return formatList(value, depth, inside);
  const entries = Object.entries(value);
  if (depth <= 0) return entries.length === 0 ? "{}" : "{...}";
  return entries.length === 0 ? "{}" : `{${entries.slice(0, 40).map(([k, v]) => `${/^[\w$]+$/.test(k) ? k : JSON.stringify(k)}: ${formatDeep(v, depth - 1, inside)}`).join(", ")}${entries.length > 40 ? ", ..." : ""}}`;
}

function formatList(value: ArrayLike<unknown>, depth: number, seen: ReadonlySet<unknown>): string {
  const name = Array.isArray(value) ? "" : `${value.constructor.name}(${value.length}) `;
  if (depth <= 0) return `${name}[${value.length === 0 ? "" : "..."}]`;
  const shown = Array.from({length: Math.min(value.length, 20)}, (_, i) => formatDeep(value[i], depth - 1, seen));
  return `${name}[${shown.join(", ")}${value.length > 20 ? `, ... ${value.length - 20} more` : ""}]`;
}

/** Thirteen digits: sums of decimals do not show what binary makes of them. */
const formatNumber = (value: number): string => (Number.isInteger(value) || !Number.isFinite(value) ? String(value) : String(Number(value.toPrecision(13))));
