import {SaxesParser, type SaxesTagPlain} from "saxes";
import type {Span} from "./place.ts";
import {UnreadableError} from "./reading.ts";

/** An XML element: as much of XML as domain definitions use. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its text with that of its descendants, as XPath's string() gives it. */
  readonly text: string;
  /** From its `<` to behind its last `>`. */
  readonly span: Span;
  /** The opening tag alone. */
  readonly tag: Span;
}

export interface XmlOptions {
  /** Whether elements side by side are taken, as in a piece of a document. */
  readonly fragment?: boolean;
  /** Whether an element is kept, by the names from the root down to it; one that is not takes its children with it. Default: all. */
  readonly keep?: (path: readonly string[]) => boolean;
}

/** libxml2's own limit on depth (XML_PARSE_HUGE not set). */
const DEEPEST = 256;
/** Elements kept of one text: no real definition comes near. */
const MOST = 4096;

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
  readonly start: number;
  readonly tagEnd: number;
}

const refuse = (message: string, at: number, code: string, expected: string, hint: string): never => {
  throw new UnreadableError(message, {start: at, end: at + 1}, {code, expected, hint});
};

/** A reader that keeps what is asked for. Entities are not expanded: saxes knows XML's own five and no others. */
class TreeBuilder {
  readonly #parser: SaxesParser<{xmlns: false; position: boolean; fragment: boolean}>;
  readonly #text: string;
  readonly #keep: (path: readonly string[]) => boolean;
  readonly #path: string[] = [];
  readonly #stack: Open[] = [{name: "", attributes: {}, children: [], text: "", start: 0, tagEnd: 0}];
  /** How many elements deep we are inside one that is not kept. */
  #skipped = 0;
  #kept = 0;
  #started = 0;

  constructor(text: string, options: XmlOptions) {
    this.#text = text;
    this.#keep = options.keep ?? (() => true);
    this.#parser = new SaxesParser({xmlns: false, position: true, fragment: options.fragment ?? false});
    this.#parser.on("error", (error) => this.#malformed(error));
    this.#parser.on("opentagstart", () => this.#begin());
    this.#parser.on("opentag", (tag) => this.#open(tag));
    this.#parser.on("closetag", () => this.#close());
    this.#parser.on("text", (text) => this.#take(text));
    this.#parser.on("cdata", (text) => this.#take(text));
  }

  #take(text: string): void {
    const top = this.#stack.at(-1);
    if (top) top.text += text;
  }

  #malformed(error: Error): never {
    const message = error.message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
    return refuse(`malformed XML: ${message}`, Math.max(this.#parser.position - 1, 0), "malformed-xml", "well-formed XML", "give the whole definition, as virsh dumpxml prints it");
  }

  #begin(): void {
    this.#started = this.#text.lastIndexOf("<", Math.max(this.#parser.position - 1, 0));
    if (this.#path.length >= DEEPEST) refuse("the XML is nested too deep", this.#started, "too-deep", `at most ${DEEPEST} levels`, "give a domain definition");
  }

  #open(tag: SaxesTagPlain): void {
    this.#path.push(tag.name);
    if (this.#skipped > 0 || !this.#keep(this.#path)) {
      this.#skipped += 1;
      return;
    }
    this.#kept += 1;
    if (this.#kept > MOST) refuse("the XML has too many elements", this.#started, "too-many-elements", `at most ${MOST} that are about memory`, "give one domain definition");
    this.#stack.push({name: tag.name, attributes: tag.attributes, children: [], text: "", start: this.#started, tagEnd: this.#parser.position});
  }

  #close(): void {
    this.#path.pop();
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    const element = this.#stack.pop();
    const parent = this.#stack.at(-1);
    if (!element || !parent) return;
    const {name, attributes, children, text, start, tagEnd} = element;
    parent.children.push({name, attributes, children, text, span: {start, end: this.#parser.position}, tag: {start, end: tagEnd}});
    parent.text += text;
  }

  build(): readonly XmlElement[] {
    this.#parser.write(this.#text).close();
    return this.#stack[0]?.children ?? [];
  }
}

/** Pasted text often begins with blank lines, before which XML allows no declaration: it becomes blanks too. */
const withoutLateDeclaration = (text: string): string => text.replace(/^\s+<\?xml\s[^>]{0,200}\?>/, (found) => " ".repeat(found.length));

/**
 * Reads a document, or a piece of one.
 * @throws UnreadableError `malformed-xml`, `too-deep` or `too-many-elements`
 */
export const parseXml = (text: string, options: XmlOptions = {}): readonly XmlElement[] => new TreeBuilder(withoutLateDeclaration(text), options).build();

/**
 * Reads a fragment: any number of elements side by side.
 * @throws UnreadableError `malformed-xml`
 */
export const parseFragment = (xml: string): readonly XmlElement[] => parseXml(xml, {fragment: true});

/** The first of `elements` with that name, or undefined. */
export const first = (elements: readonly XmlElement[], name: string): XmlElement | undefined => elements.find((element) => element.name === name);
/** All of them. */
export const all = (elements: readonly XmlElement[], name: string): readonly XmlElement[] => elements.filter((element) => element.name === name);
/** The element at a path of names below `elements`, first of each, or undefined. */
export function at(elements: readonly XmlElement[], ...names: readonly string[]): XmlElement | undefined {
  const [name, ...rest] = names;
  const found = name === undefined ? undefined : first(elements, name);
  return rest.length === 0 || !found ? found : at(found.children, ...rest);
}
