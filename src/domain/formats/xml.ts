import {ModelError} from "../../errors.ts";

/** An XML element: as much of XML as domain definitions use. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its text with that of its descendants, as XPath's string() gives it. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {lt: "<", gt: ">", amp: "&", quot: '"', apos: "'"};

function decode(text: string): string {
  return text.replace(/&(#x[\da-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (name.startsWith("#x")) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}

function malformed(expected: string, found: string): never {
  throw new ModelError(`malformed XML: ${expected} expected`, {
    code: "malformed-xml",
    path: "xml",
    expected,
    hint: `look near ${JSON.stringify(found.slice(0, 40))}`
  });
}

const TOKEN = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)|</g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", double, single] of text.matchAll(ATTRIBUTE)) found[name] = decode(double ?? single ?? "");
  return found;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const opened = (name: string, attributes: Record<string, string>): Open => ({name, attributes, children: [], text: ""});

function closeInto(stack: Open[]): void {
  const element = stack.pop();
  const parent = stack.at(-1);
  if (!element || !parent) malformed("an opening tag", element?.name ?? "");
  parent.children.push(element);
  parent.text += element.text;
}

function take(token: RegExpExecArray, stack: Open[]): void {
  const [whole, cdata, slash, name, attributes = "", empty, text] = token;
  const top = stack.at(-1);
  if (whole === "<" || !top) malformed("a tag", token.input.slice(token.index));
  if (cdata !== undefined) top.text += cdata;
  else if (text !== undefined) top.text += decode(text);
  else if (slash === "/") {
    if (top.name !== name) malformed(`</${top.name}>`, whole);
    closeInto(stack);
  } else if (name !== undefined) {
    stack.push(opened(name, attributesOf(attributes)));
    if (empty === "/") closeInto(stack);
  }
}

/**
 * Reads a fragment: any number of elements side by side.
 * @throws ModelError `malformed-xml`
 */
export function parseFragment(xml: string): readonly XmlElement[] {
  const stack = [opened("", {})];
  for (const token of xml.matchAll(TOKEN)) take(token, stack);
  const [root, unclosed] = stack;
  if (!root || unclosed) malformed(`</${unclosed?.name ?? ""}>`, "");
  return root.children;
}

/** The first of `elements` with that name, or undefined. */
export const first = (elements: readonly XmlElement[], name: string): XmlElement | undefined => elements.find((element) => element.name === name);
/** All of them. */
export const all = (elements: readonly XmlElement[], name: string): readonly XmlElement[] => elements.filter((element) => element.name === name);
