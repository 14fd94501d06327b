import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {createTerminal, keyBytes} from "../../../../docs/components/guest/terminal.ts";

const shown = (...pieces: readonly string[]): string => {
  const terminal = createTerminal();
  for (const piece of pieces) terminal.write(piece);
  return terminal.text();
};

describe("the terminal", () => {
  it.each([
    ["lines of a serial port", "one\r\ntwo\r\n", "one\ntwo\n"],
    ["a carriage return, which writes over", "12345\rab", "ab345"],
    ["a new line alone, which stays in its column", "ab\nc", "ab\n  c"],
    ["backspaces of a shell's line editing", "abc\b\bX", "aXc"],
    ["backspaces no further than the line's start", "\b\bab", "ab"],
    ["tabs", "a\tb", "a       b"],
    ["a bell and a delete, which show nothing", "a\x07\x7fb", "ab"],
    ["erasing to the end of the line", "abcdef\r\x1b[3C\x1b[K", "abc"],
    ["erasing to the end of the screen", "one\r\ntwo\r\n\x1b[2A\x1b[1C\x1b[J", "o"],
    ["moving left and down", "ab\r\ncd\x1b[A\x1b[2DX\x1b[BY", "Xb\ncY"],
    ["a column", "abc\x1b[2GX", "aXc"],
    ["home and a place", "\x1b[2;3Hx\x1b[Hy", "y\n  x"],
    ["colours, which are dropped", "\x1b[1;31mred\x1b[0m", "red"],
    ["a mode, which is dropped", "\x1b[?25lx", "x"]
  ])("shows %s", (_, written, expected) => {
    expect(shown(written)).toBe(expected);
  });

  it("keeps the last 1000 lines", () => {
    const lines = shown(Array.from({length: 1500}, (_, i) => `${i}\r\n`).join("")).split("\n");
    expect([lines.length, lines[0], lines.at(-2)]).toEqual([1000, "501", "1499"]);
  });

  it("shows the same however its text is cut into pieces", () => {
    const piece = fc.constantFrom("a", "b c", "\r", "\n", "\b", "\t", "\x1b[K", "\x1b[2J", "\x1b[3;4H", "\x1b[A", "\x1b[5D", "\x1b[1m", "\x1b[?25h");
    fc.assert(fc.property(fc.array(piece, {maxLength: 30}), fc.integer({min: 1, max: 5}), (pieces, size) => {
      const text = pieces.join("");
      const cut = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      expect(shown(...cut)).toBe(shown(text));
    }));
  });
});

describe("keys for the guest", () => {
  const key = (name: string, change: object = {}): string | null => keyBytes({key: name, ctrlKey: false, altKey: false, metaKey: false, ...change});
  it.each([["a", "a"], [" ", " "], ["\u00e9", "\u00e9"], ["Enter", "\r"], ["Backspace", "\x7f"], ["Escape", "\x1b"], ["ArrowUp", "\x1b[A"], ["ArrowDown", "\x1b[B"], ["ArrowRight", "\x1b[C"], ["ArrowLeft", "\x1b[D"], ["Home", "\x1b[H"], ["End", "\x1b[F"], ["Delete", "\x1b[3~"]])("%s", (name, bytes) => {
    expect(key(name)).toBe(bytes);
  });
  it.each(["Tab", "Shift", "F5", "PageUp", "Unidentified"])("leaves %s to the browser", (name) => expect(key(name)).toBeNull());
  it("sends control keys", () => expect([key("c", {ctrlKey: true}), key("D", {ctrlKey: true}), key("z", {ctrlKey: true})]).toEqual(["\x03", "\x04", "\x1a"]));
  it("leaves pasting and reloading to the browser", () => expect([key("v", {ctrlKey: true}), key("r", {ctrlKey: true}), key("1", {ctrlKey: true})]).toEqual([null, null, null]));
  it("leaves Alt and Command to the browser", () => expect([key("a", {altKey: true}), key("a", {metaKey: true})]).toEqual([null, null]));
});
