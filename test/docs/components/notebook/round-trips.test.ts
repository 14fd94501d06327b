import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {Cell} from "../../../../docs/components/notebook/cell.ts";
import {CellsProblem, decodeCells, encodeCells} from "../../../../docs/components/notebook/codec.ts";
import {fromIpynb, toIpynb} from "../../../../docs/components/notebook/exports/ipynb.ts";
import {fromKit, toKit} from "../../../../docs/components/notebook/exports/kit.ts";
import {fromSingleFile, isSingleFile, toSingleFile} from "../../../../docs/components/notebook/exports/single-file.ts";
import {begin, reduceCells, sameCells, type CellAction} from "../../../../docs/components/notebook/notebook-state.ts";
import {cellsOf, withCells, withoutCells} from "../../../../docs/components/state/fragment.ts";
import {cases} from "../../../cases.ts";

const base: readonly Cell[] = [{id: "c1", kind: "ts", code: "const a = 1;", folded: false, slot: 0}, {id: "c2", kind: "ts", code: "a + 1", folded: false, slot: 1}];
const code = fc.oneof(fc.string({unit: "grapheme", maxLength: 60}), fc.constantFrom("const b = a;", "b", "", "</script><script>", "<!--", "`${x}`\n\\", "const = ", "\u2028", "a\r\nb\n"));
const action: fc.Arbitrary<CellAction> = fc.oneof(
  fc.record({type: fc.constant("edit" as const), id: fc.constantFrom("c1", "c2", "n1", "n2"), code}),
  fc.record({type: fc.constant("add" as const), after: fc.constantFrom("c1", "c2", "n1", "none"), kind: fc.constantFrom("ts" as const, "md" as const), code}),
  fc.record({type: fc.constantFrom("delete" as const, "fold" as const, "reset" as const), id: fc.constantFrom("c1", "c2", "n1", "n2")}),
  fc.record({type: fc.constant("move" as const), id: fc.constantFrom("c1", "c2", "n1", "n2"), by: fc.constantFrom(-1 as const, 1 as const)})
);
/** Cells a reader can come to. */
const reached = fc.array(action, {maxLength: 12}).map((actions) => actions.reduce(reduceCells, begin(base)).cells);

describe("round trips of cells a reader can come to", () => {
  test("through the link", () => {
    fc.assert(fc.property(reached, (cells) => {
      const text = encodeCells(base, cells);
      expect(text === "" ? base : decodeCells(base, text)).toEqual(cells);
      for (const before of ["", "#heading", "#heading?s=1.abc", "#?s=1.abc"]) {
        const fragment = withCells(before, text);
        expect(cellsOf(fragment)).toBe(text);
        expect(withoutCells(fragment)).toBe(before);
      }
    }), {numRuns: cases(10_000)});
  });
  test("through a Jupyter notebook", () => {
    fc.assert(fc.property(reached, (cells) => {
      expect(fromIpynb(toIpynb(cells, ""))).toEqual(cells);
    }), {numRuns: cases(5_000)});
  });
  test("through a file of one page, and through Notebook Kit by their text", () => {
    const parts = {styles: "", app: "", model: "", frame: "", charts: ""};
    fc.assert(fc.property(reached, (cells) => {
      const file = toSingleFile(cells, "t", parts);
      expect(isSingleFile(file)).toBe(true);
      expect(fromSingleFile(file)).toEqual(cells);
      expect(fromKit(toKit(cells, "t")).map(({kind, code: c}) => [kind, c])).toEqual(cells.map(({kind, code: c}) => [kind, c]));
    }), {numRuns: cases(2_000)});
  });
});

describe("what is damaged is refused, and never otherwise than with a CellsProblem", () => {
  test("any text as a link's cells", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String().map((s) => `1.${s.replaceAll("=", "")}`)), (text) => {
      try {
        decodeCells(base, text);
      } catch (error) {
        expect(error).toBeInstanceOf(CellsProblem);
      }
    }), {numRuns: cases(2_000)});
  });
  test("a link cut at any place", () => {
    const text = encodeCells(base, [{id: "n1", kind: "ts", code: "display(1234567)", folded: true, slot: 0}]);
    for (let i = 0; i < text.length; i++) expect(() => decodeCells(base, text.slice(0, i))).toThrow(CellsProblem);
  });
  test("another version, a cell the page does not have", () => {
    expect(() => decodeCells(base, "2.abc")).toThrow("another version");
    expect(() => decodeCells([], encodeCells(base, base.slice(1)))).toThrow("no longer has");
  });
});

test("the reducer gives the same object when nothing changes", () => {
  const state = begin(base);
  expect(reduceCells(state, {type: "edit", id: "c1", code: "const a = 1;"})).toBe(state);
  expect(reduceCells(state, {type: "move", id: "c1", by: -1})).toBe(state);
  expect(reduceCells(state, {type: "delete", id: "x"})).toBe(state);
  const moved = reduceCells(state, {type: "move", id: "c2", by: -1});
  expect(moved.cells.map(({id, slot}) => [id, slot])).toEqual([["c1", 0], ["c2", 0]]);
  expect(sameCells(reduceCells(moved, {type: "reset-all"}).cells, base)).toBe(true);
});
