import {UnreadableError, type ReadProblem} from "./reading.ts";
import type {Span} from "./place.ts";

/** A value of an xl.cfg or xm file. `other` is something only Python would understand. */
export interface XlValue {
  readonly kind: "number" | "string" | "list" | "other";
  /** Without quotes. */
  readonly text: string;
  readonly items: readonly XlValue[];
  readonly span: Span;
}

export interface XlFile {
  /** The first value of each key: that is the one libvirt reads. */
  readonly values: ReadonlyMap<string, XlValue>;
  readonly problems: readonly ReadProblem[];
}

/** Lists in lists, as `vnuma` has them; more is hostile. */
const DEEPEST = 32;
const MOST_ITEMS = 65536;

const isSpace = (c: string | undefined): boolean => c === " " || c === "\t";
const isEnd = (c: string | undefined): boolean => c === undefined || c === "\n" || c === "\r" || c === ";";

/** One pass over the text; every step moves forward. */
class XlReader {
  readonly #text: string;
  #at = 0;
  #items = 0;
  readonly values = new Map<string, XlValue>();
  readonly problems: ReadProblem[] = [];

  constructor(text: string) {
    this.#text = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #skipBlanks(): void {
    while (isSpace(this.#peek())) this.#at += 1;
  }

  #skipLine(): void {
    while (this.#at < this.#text.length && this.#peek() !== "\n" && this.#peek() !== "\r") this.#at += 1;
  }

  /** White space, line ends and comments, inside of a list. */
  #skipGaps(): void {
    for (;;) {
      const c = this.#peek();
      if (c === "#") this.#skipLine();
      else if (isSpace(c) || c === "\n" || c === "\r" || (c === "\\" && this.#at + 1 < this.#text.length)) this.#at += 1;
      else return;
    }
  }

  #refuse(message: string, start: number, expected: string): never {
    throw new UnreadableError(message, {start, end: this.#at}, {code: "malformed-value", expected, hint: "close it, or take the line out"});
  }

  #string(): XlValue {
    const start = this.#at;
    const quote = this.#peek() ?? "";
    const mark = this.#text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
    let i = start + mark.length;
    const isBroken = (): boolean => i >= this.#text.length || (mark.length === 1 && (this.#text[i] === "\n" || this.#text[i] === "\r"));
    while (!this.#text.startsWith(mark, i)) {
      if (isBroken()) {
        this.#at = Math.min(i, this.#text.length);
        this.#refuse("a string is not closed", start, mark);
      }
      i += this.#text[i] === "\\" ? 2 : 1;
    }
    this.#at = i + mark.length;
    return {kind: "string", text: this.#text.slice(start + mark.length, i), items: [], span: {start, end: this.#at}};
  }

  #list(depth: number): XlValue {
    const start = this.#at;
    if (depth > DEEPEST) this.#refuse("lists are nested too deep", start, `at most ${DEEPEST} levels`);
    const close = this.#peek() === "[" ? "]" : ")";
    const items: XlValue[] = [];
    this.#at += 1;
    for (;;) {
      this.#skipGaps();
      const c = this.#peek();
      if (c === undefined) this.#refuse("a list is not closed", start, close);
      if (c === close || c === ",") {
        this.#at += 1;
        if (c === close) return {kind: "list", text: this.#text.slice(start, this.#at), items, span: {start, end: this.#at}};
      } else {
        items.push(this.#value(depth + 1, `,${close}#`));
        this.#items += 1;
        if (this.#items > MOST_ITEMS) this.#refuse("the lists have too many items", start, `at most ${MOST_ITEMS}`);
      }
    }
  }

  /** Anything else, up to a separator; always at least one character. */
  #bare(stops: string): XlValue {
    const start = this.#at;
    this.#at += 1;
    while (!isEnd(this.#peek()) && !stops.includes(this.#peek() ?? "")) this.#at += 1;
    const text = this.#text.slice(start, this.#at).trim();
    return {kind: /^-?(\d+|0[xX][\da-fA-F]+)$/.test(text) ? "number" : "other", text, items: [], span: {start, end: start + text.length}};
  }

  #value(depth: number, stops: string): XlValue {
    const c = this.#peek();
    if (c === "'" || c === '"') return this.#string();
    if (c === "[" || c === "(") return this.#list(depth);
    return this.#bare(stops);
  }

  #passOver(start: number): void {
    while (!isEnd(this.#peek())) this.#at += 1;
    this.problems.push({severity: "note", code: "not-read", message: "this line is not key = value and was passed over", span: {start, end: this.#at}});
  }

  #statement(key: string, start: number): void {
    const value = this.#value(0, "#");
    this.#skipBlanks();
    const rest = this.#peek();
    if (!isEnd(rest) && rest !== "#") {
      while (!isEnd(this.#peek()) && this.#peek() !== "#") this.#at += 1;
      const text = this.#text.slice(value.span.start, this.#at).trim();
      this.#put(key, {kind: "other", text, items: [], span: {start: value.span.start, end: value.span.start + text.length}}, start);
    } else this.#put(key, value, start);
  }

  #put(key: string, value: XlValue, start: number): void {
    if (!this.values.has(key)) this.values.set(key, value);
    else if (key === "memory" || key === "maxmem") {
      this.problems.push({severity: "warning", code: "repeated", message: `libvirt reads the first ${key} only; xm, which ran the file as Python, took the last`, span: {start, end: value.span.end}});
    }
  }

  read(): XlFile {
    const key = /([A-Za-z_]\w*)[ \t]*(\+?=)(?!=)[ \t]*/y;
    while (this.#at < this.#text.length) {
      const c = this.#peek();
      if (c === "#") this.#skipLine();
      else if (isSpace(c) || isEnd(c)) this.#at += 1;
      else {
        key.lastIndex = this.#at;
        const found = key.exec(this.#text);
        const start = this.#at;
        this.#at += found?.[0].length ?? 0;
        if (!found || found[2] === "+=" || isEnd(this.#peek()) || this.#peek() === "#") this.#passOver(start);
        else this.#statement(found[1] ?? "", start);
      }
    }
    return this;
  }
}

/**
 * Takes an xl.cfg or xm file apart: `key = value`, lists that may go over
 * lines, comments, and `;` between statements. Python that is more than that is
 * passed over with a note.
 * @throws UnreadableError `malformed-value` for a string or a list that is not closed.
 */
export const readXlValues = (text: string): XlFile => new XlReader(text).read();
