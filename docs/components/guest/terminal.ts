/**
 * A small terminal: lines of text with a cursor, enough for a shell with line
 * editing, for boot messages and for full-screen programs of busybox. Colours
 * are dropped. Pure: text in, text out.
 */
export interface Terminal {
  readonly write: (text: string) => void;
  /** All lines, the oldest first. */
  readonly text: () => string;
}

/** Lines kept; older ones are dropped. */
const MOST_LINES = 1000;
const ROWS = 24;
const TAB = 8;

interface Screen {
  readonly lines: string[];
  /** Index of the line the cursor is in, and its column. */
  row: number;
  column: number;
}

/** First line of what a full-screen program sees. */
const top = ({lines}: Screen): number => Math.max(0, lines.length - ROWS);

function line(screen: Screen): string {
  return screen.lines[screen.row] ?? "";
}

function put(screen: Screen, char: string): void {
  const before = line(screen).padEnd(screen.column);
  screen.lines[screen.row] = before.slice(0, screen.column) + char + before.slice(screen.column + 1);
  screen.column += 1;
}

function newLine(screen: Screen): void {
  screen.row += 1;
  if (screen.row >= screen.lines.length) screen.lines.push("");
  if (screen.lines.length <= MOST_LINES) return;
  screen.lines.shift();
  screen.row -= 1;
}

function goTo(screen: Screen, row: number, column: number): void {
  screen.row = top(screen) + row - 1;
  while (screen.lines.length <= screen.row) screen.lines.push("");
  screen.column = column - 1;
}

/** ESC [ parameters letter; unknown ones do nothing. */
function control(screen: Screen, parameters: string, letter: string): void {
  const [first = 0, second = 0] = parameters.split(";").map((n) => Number(n) || 0);
  const many = Math.max(1, first);
  switch (letter) {
    case "A": screen.row = Math.max(top(screen), screen.row - many); break;
    case "B": screen.row = Math.min(screen.lines.length - 1, screen.row + many); break;
    case "C": screen.column += many; break;
    case "D": screen.column = Math.max(0, screen.column - many); break;
    case "G": screen.column = many - 1; break;
    case "H": goTo(screen, many, Math.max(1, second)); break;
    case "J":
      screen.lines.splice(screen.row + 1);
      screen.lines[screen.row] = line(screen).slice(0, screen.column);
      break;
    case "K": screen.lines[screen.row] = line(screen).slice(0, screen.column); break;
  }
}

function character(screen: Screen, char: string): void {
  switch (char) {
    case "\r": screen.column = 0; break;
    case "\n": newLine(screen); break;
    case "\b": screen.column = Math.max(0, screen.column - 1); break;
    case "\t": screen.column += TAB - (screen.column % TAB); break;
    default: if (char >= " " && char !== "\x7f") put(screen, char);
  }
}

const SEQUENCE = /\x1b\[[?=]?([\d;]*)([A-Za-z])/y;
/** What may be the beginning of a sequence whose rest has not arrived. */
const UNFINISHED = /\x1b(\[[?=]?[\d;]*)?$/;

export function createTerminal(): Terminal {
  const screen: Screen = {lines: [""], row: 0, column: 0};
  let rest = "";
  return {
    write: (more) => {
      const text = rest + more;
      rest = UNFINISHED.exec(text)?.[0] ?? "";
      const whole = text.length - rest.length;
      for (let i = 0; i < whole; ) {
        SEQUENCE.lastIndex = i;
        const found = SEQUENCE.exec(text);
        if (found === null) character(screen, text[i] ?? "");
        else control(screen, found[1] ?? "", found[2] ?? "");
        i += found === null ? 1 : found[0].length;
      }
    },
    text: () => screen.lines.join("\n")
  };
}

/** Keys of a browser as a serial line sends them; null for those that are not for the guest (Tab leaves the console). */
export function keyBytes({key, ctrlKey, altKey, metaKey}: {readonly key: string; readonly ctrlKey: boolean; readonly altKey: boolean; readonly metaKey: boolean}): string | null {
  if (altKey || metaKey) return null;
  if (ctrlKey) return /^[a-z]$/i.test(key) && !/^[vr]$/i.test(key) ? String.fromCharCode(key.toLowerCase().charCodeAt(0) - 96) : null;
  const named: Readonly<Record<string, string>> = {Enter: "\r", Backspace: "\x7f", Escape: "\x1b", ArrowUp: "\x1b[A", ArrowDown: "\x1b[B", ArrowRight: "\x1b[C", ArrowLeft: "\x1b[D", Home: "\x1b[H", End: "\x1b[F", Delete: "\x1b[3~"};
  return named[key] ?? (Array.from(key).length === 1 ? key : null);
}
