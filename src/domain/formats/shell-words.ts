import {UnreadableError, type RawValue} from "./reading.ts";

/** Most words that are looked at: a real command line has a few hundred. */
const MOST_WORDS = 65536;

interface Scan {
  readonly text: string;
  at: number;
  word: string;
  /** Where the word began, or -1 outside of a word. */
  start: number;
}

function unclosed(scan: Scan, from: number, quote: string): never {
  throw new UnreadableError(`a quote is not closed: ${quote}`, {start: from, end: from + 1}, {
    code: "unclosed-quote",
    expected: `another ${quote}`,
    hint: `the quote begins here and the text ends at character ${scan.text.length}`
  });
}

function single(scan: Scan): void {
  const end = scan.text.indexOf("'", scan.at + 1);
  if (end < 0) unclosed(scan, scan.at, "'");
  scan.word += scan.text.slice(scan.at + 1, end);
  scan.at = end + 1;
}

/** Within double quotes a backslash quotes only these; before a line end both go. */
function double(scan: Scan): void {
  const from = scan.at;
  let i = from + 1;
  let plain = i;
  for (;;) {
    const c = scan.text[i];
    if (c === undefined) unclosed(scan, from, '"');
    if (c === '"') break;
    const next = scan.text[i + 1] ?? "";
    if (c === "\\" && '$`"\\\n'.includes(next) && next !== "") {
      scan.word += scan.text.slice(plain, i) + (next === "\n" ? "" : next);
      i += 2;
      plain = i;
    } else i += 1;
  }
  scan.word += scan.text.slice(plain, i);
  scan.at = i + 1;
}

/** A backslash outside of quotes; returns whether it made a word go on. */
function backslash(scan: Scan): boolean {
  const {text, at} = scan;
  const ending = /\\[ \t]*(\r\n|\n|\r)/y;
  ending.lastIndex = at;
  const found = ending.exec(text);
  scan.at = found ? ending.lastIndex : Math.min(at + 2, text.length);
  if (!found) scan.word += text[at + 1] ?? "";
  return !found;
}

function isSeparator(c: string): boolean {
  return c === " " || c === "\t" || c === "\n" || c === "\r";
}

/**
 * Splits a command line as a POSIX shell does, without expanding anything:
 * quotes, backslashes, and a backslash before a line end, also one with blanks
 * after it, as often happens in pasted text. A `#` at the start of a word
 * begins a comment.
 * @throws UnreadableError `unclosed-quote` or `too-many-words`
 */
export function shellWords(text: string): readonly RawValue[] {
  const words: RawValue[] = [];
  const scan: Scan = {text, at: 0, word: "", start: -1};
  const end = (): void => {
    if (scan.start >= 0) words.push({text: scan.word, span: {start: scan.start, end: scan.at}});
    if (words.length > MOST_WORDS) {
      throw new UnreadableError("the command line has too many words", {start: scan.at, end: scan.at}, {code: "too-many-words", expected: `at most ${MOST_WORDS}`, hint: "give one QEMU command line"});
    }
    scan.word = "";
    scan.start = -1;
  };
  while (scan.at < text.length) {
    const c = text.charAt(scan.at);
    const before = scan.at;
    if (isSeparator(c)) {
      end();
      scan.at += 1;
    } else if (c === "#" && scan.start < 0) {
      while (scan.at < text.length && text[scan.at] !== "\n") scan.at += 1;
    } else if (c === "\\") {
      if (backslash(scan) && scan.start < 0) scan.start = before;
    } else {
      if (scan.start < 0) scan.start = before;
      if (c === "'") single(scan);
      else if (c === '"') double(scan);
      else plain(scan);
    }
  }
  end();
  return words;
}

/** A run of characters that mean nothing to the shell. */
function plain(scan: Scan): void {
  const from = scan.at;
  while (scan.at < scan.text.length && !" \t\r\n\\'\"".includes(scan.text.charAt(scan.at))) scan.at += 1;
  scan.word += scan.text.slice(from, scan.at);
}
