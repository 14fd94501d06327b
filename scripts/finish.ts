import {createHash} from "node:crypto";
import {readdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {append, attribute, element, elements, find, parse, prepend, remove, serialize, setAttribute, text, type Document, type Element} from "./html.ts";
import {buildCells} from "./cells.ts";
import {sections} from "./search-index.ts";
import {socialCard} from "./social-card.ts";

/**
 * What Framework leaves undone, repaired in its output: language, viewport,
 * the client no page uses, landmarks, the security policy, search, social card.
 */
export async function finish(dist: string): Promise<void> {
  const names = (await readdir(dist, {recursive: true})).filter((name) => name.endsWith(".html")).sort();
  await writeFile(join(dist, "social-card.png"), await socialCard());
  await buildCells(dist);
  const pages = [];
  for (const name of names) {
    const file = join(dist, name);
    const document = parse(await readFile(file, "utf8"));
    repair(document, name);
    pages.push({name, document});
    await writeFile(file, serialize(document));
  }
  await writeFile(join(dist, "search.json"), JSON.stringify(sections(pages.filter(({name}) => name !== "404.html" && !name.startsWith("embed/")))));
  // Without this file GitHub Pages leaves out every folder whose name starts with an underscore.
  await writeFile(join(dist, ".nojekyll"), "");
  await writeFile(join(dist, "robots.txt"), "User-agent: *\nAllow: /\n");
  await rm(join(dist, "_observablehq"), {recursive: true, force: true});
}

function repair(document: Document, name: string): void {
  const html = need(document, "html");
  const head = need(document, "head");
  setAttribute(html, "lang", "en");
  for (const e of elements(document)) if (isFrameworkClient(e)) remove(e);
  for (const e of elements(head)) {
    if (attribute(e, "name") === "viewport") setAttribute(e, "content", "width=device-width, initial-scale=1");
    if (attribute(e, "name") === "generator") remove(e);
  }
  landmarks(document);
  if (name.startsWith("embed/")) setAttribute(need(document, "body"), "class", "embed");
  addSocialCard(head, "../".repeat(name.split("/").length - 1));
  addPolicy(head, name);
}

/** No page uses Framework's cells, so none loads its runtime: five requests and 23 kB less. */
function isFrameworkClient(e: Element): boolean {
  const href = attribute(e, "href") ?? "";
  if (e.tagName === "link" && href.includes("/_observablehq/")) return true;
  if (e.tagName !== "script" || attribute(e, "type") !== "module" || attribute(e, "src") !== undefined) return false;
  if (!/^\s*import "[^"]*_observablehq\/client[^"]*";?\s*$/.test(text(e)) && text(e).includes("define(")) throw new Error("a page has a Framework cell: the site runs none");
  return true;
}

function landmarks(document: Document): void {
  const main = need(document, "main");
  setAttribute(main, "tabindex", "-1");
  const live = element("div", {id: "live-summary", role: "status", class: "visually-hidden"});
  append(main, live);
  // Code that is wider than the screen scrolls by itself, with the keyboard too.
  for (const pre of elements(main).filter((e) => e.tagName === "pre")) setAttribute(pre, "tabindex", "0");
}

function addSocialCard(head: Element, root: string): void {
  const site = process.env.SETMEM_URL;
  const url = site === undefined ? `${root || "./"}social-card.png` : new URL("social-card.png", site).href;
  append(head, element("meta", {property: "og:image", content: url}));
  append(head, element("meta", {name: "twitter:card", content: "summary_large_image"}));
}

/**
 * Strict, by hash for the one inline script. A policy in a meta element cannot
 * be loosened later; the pages of later issues that need more get their own.
 */
function addPolicy(head: Element, name: string): void {
  const hash = (e: Element): string => `'sha256-${createHash("sha256").update(text(e)).digest("base64")}'`;
  const inlineScripts = elements(head).filter((e) => e.tagName === "script" && attribute(e, "src") === undefined).map(hash);
  const inlineStyles = elements(head).filter((e) => e.tagName === "style").map(hash);
  const policy = [
    "default-src 'none'",
    `script-src ${["'self'", ...inlineScripts].join(" ")}`,
    `style-src ${["'self'", ...inlineStyles].join(" ")}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    name === "404.html" ? "base-uri 'self'" : "base-uri 'none'",
    "form-action 'none'"
  ].join("; ");
  prepend(head, element("meta", {"http-equiv": "content-security-policy", content: policy}));
  const charset = find(head, (e) => attribute(e, "charset") !== undefined);
  if (charset !== undefined) {
    remove(charset);
    prepend(head, charset);
  }
}

function need(document: Document, tagName: string): Element {
  const found = find(document, (e) => e.tagName === tagName);
  if (found === undefined) throw new Error(`a page has no <${tagName}>`);
  return found;
}
