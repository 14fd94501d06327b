import {expect, test} from "vitest";
import {splitWords} from "../../../src/control/virsh/words.ts";

test.each([
  ["virsh setmem t1 512M", ["virsh", "setmem", "t1", "512M"]],
  ["  a   b\t", ["a", "b"]],
  ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
  ["a '' \"\"", ["a", "", ""]],
  ["a b' 'c", ["a", "b c"]],
  ['a "\\"x\\" \\n"', ["a", '"x" \\n']],
  ["a\\ b \\'", ["a b", "'"]],
  ["", []]
])("%j", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});
