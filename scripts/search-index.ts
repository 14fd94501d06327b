import type {Section} from "../docs/components/browser/search.ts";
import {attribute, elements, find, isElement, text, type Document, type Element, type Node} from "./html.ts";

/** Elements that are read by other means than search: controls, pictures, lists of contents. */
const LEFT_OUT = new Set(["svg", "script", "style", "nav", "details", "noscript", "button", "input"]);

/** Elements inside a line: a sentence goes on without a space before and after them. */
const INLINE = new Set(["a", "abbr", "b", "code", "data", "em", "i", "kbd", "mark", "span", "strong", "sub", "sup", "wbr"]);

/** Every page cut at its headings, so that a result leads to the section and not just the page. */
export function sections(pages: readonly {readonly name: string; readonly document: Document}[]): Section[] {
  let id = 0;
  return pages.flatMap(({name, document}) => {
    const main = find(document, (e) => e.tagName === "main");
    if (main === undefined) return [];
    const page = headingText(find(main, (e) => e.tagName === "h1")) || name;
    return cut(main, page).map(({anchor, heading, words}) => ({
      id: id++,
      url: anchor === "" ? name : `${name}#${anchor}`,
      page,
      heading,
      text: words.join("").replace(/\s+/g, " ").trim()
    }));
  });
}

interface Piece {
  readonly anchor: string;
  readonly heading: string;
  readonly words: string[];
}

function cut(main: Element, page: string): Piece[] {
  const pieces: Piece[] = [{anchor: "", heading: page, words: []}];
  const walk = (node: Node): void => {
    if (!isElement(node)) {
      if ("value" in node) pieces.at(-1)?.words.push(node.value);
      return;
    }
    if (LEFT_OUT.has(node.tagName)) return;
    if (/^h[23]$/.test(node.tagName)) pieces.push({anchor: attribute(node, "id") ?? "", heading: headingText(node), words: []});
    else if (node.tagName !== "h1") {
      const space = INLINE.has(node.tagName) ? "" : " ";
      pieces.at(-1)?.words.push(space);
      node.childNodes.forEach(walk);
      pieces.at(-1)?.words.push(space);
    }
  };
  main.childNodes.forEach(walk);
  return pieces;
}

const headingText = (e: Element | undefined): string => (e === undefined ? "" : elements(e).length === 0 ? text(e) : text(e)).trim();
