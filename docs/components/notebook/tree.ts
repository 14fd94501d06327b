/**
 * What a cell shows, as data: text, or an element with attributes and children.
 * The frame sends it, the page draws it; nothing the reader's code makes is
 * ever parsed as HTML or run by the page.
 */
export type OutNode = string | OutElement;

export interface OutElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly OutNode[];
  /** What a form control holds now; and by which number the frame knows it. */
  readonly control?: {readonly id: number; readonly value: string; readonly checked: boolean};
}

const HTML = ["a", "b", "br", "button", "caption", "code", "data", "datalist", "div", "dd", "dl", "dt", "em", "fieldset", "figcaption", "figure", "form", "h2", "h3", "h4", "h5", "i", "input", "label", "legend", "li", "ol", "option", "output", "p", "pre", "q", "s", "select", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "tr", "u", "ul"];
const SVG = ["svg", "circle", "clipPath", "defs", "ellipse", "g", "line", "linearGradient", "marker", "mask", "path", "pattern", "polygon", "polyline", "radialGradient", "rect", "stop", "symbol", "text", "textPath", "title", "desc", "tspan"];
const TAGS = new Set([...HTML, ...SVG]);
const CONTROLS = new Set(["input", "select", "textarea", "button"]);

/** Never: handlers, addresses other than of this page, names that could collide with the page's own ids. */
const REFUSED = /^(on|form|action|srcdoc|src$|xlink|target$|ping$|download$|name$|is$|slot$|autofocus$|popover|command|nonce$|dangerously)/i;
/** Classes of our own figures and tables: they may look as they do on the pages. */
const OURS = /^(l-.*|cell-.*|figure|timeline|axes|grid|tick|unit|series|stroke|fill|area|line|dashed|dotted|ghost|recorded|halo|dot|labels?|leader|now|event|guess|wide|narrow|small)$/;
const PLAIN = /^[a-zA-Z][a-zA-Z0-9_:-]*$/;

/** Addresses inside the output only: `url(#clip)`. Ids get the cell's prefix. */
function safeValue(name: string, value: string, prefix: string): string | null {
  if (name === "id") return `${prefix}${value}`;
  if (name === "for" || name === "aria-labelledby" || name === "aria-describedby" || name === "list") return value.split(/\s+/).map((id) => `${prefix}${id}`).join(" ");
  if (name === "href") return /^(https?:|#)/.test(value) ? value : null;
  if (name === "class") return value.split(/\s+/).map((c) => (OURS.test(c) ? c : `out-${c}`)).join(" ");
  const inner = value.replace(/url\(\s*(["']?)#([\w-]+)\1\s*\)/g, (_, __, id: string) => `url(#${prefix}${id})`);
  return /url\(\s*["']?(?!#)/i.test(inner) || /(javascript|data):|expression\(|@import/i.test(inner) ? null : inner;
}

/** Positions that leave the cell are not for its output. */
const OVERLAY = /position\s*:|z-index\s*:|inset\s*:|margin[^:]*:\s*-/i;

const MOST_NODES = 20_000;

/** A tree from the frame as one that may be drawn: what is not allowed is left out. Throws on what is no tree, or too large. */
export function safeTree(value: unknown, prefix: string): OutNode {
  let count = 0;
  const visit = (node: unknown, depth: number): OutNode => {
    if (++count > MOST_NODES || depth > 60) throw new Error("the output is too large to show");
    if (typeof node === "string") return node;
    if (typeof node !== "object" || node === null) throw new Error("the output cannot be read");
    const {tag, attributes, children, control} = node as Partial<Record<keyof OutElement, unknown>>;
    if (typeof tag !== "string" || typeof attributes !== "object" || attributes === null || !Array.isArray(children)) throw new Error("the output cannot be read");
    if (tag === "style" || tag === "script") return "";
    return {
      tag: TAGS.has(tag) ? tag : "span",
      attributes: safeAttributes(attributes, prefix),
      children: children.map((child) => visit(child, depth + 1)),
      ...(CONTROLS.has(tag) && isControl(control) ? {control: {id: control.id, value: control.value, checked: control.checked}} : {})
    };
  };
  return visit(value, 0);
}

function safeAttributes(attributes: object, prefix: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes) as [string, unknown][]) {
    if (typeof value !== "string" || !PLAIN.test(name) || REFUSED.test(name)) continue;
    const safe = safeValue(name, value, prefix);
    if (safe === null || (name === "style" && OVERLAY.test(safe))) continue;
    result[name] = safe;
  }
  if (result.href !== undefined) result.rel = "noopener noreferrer nofollow";
  return result;
}

const isControl = (value: unknown): value is {id: number; value: string; checked: boolean} => {
  if (typeof value !== "object" || value === null) return false;
  const {id, value: held, checked} = value as Record<string, unknown>;
  return typeof id === "number" && typeof held === "string" && typeof checked === "boolean";
};

/** The words of a tree, for what is read out. */
export function words(node: OutNode): string {
  if (typeof node === "string") return node;
  return node.children.map(words).join(" ").replace(/\s+/g, " ").trim();
}
