import {describe, expect, test} from "vitest";
import {add, at, total} from "../../src/domain/column.ts";

describe("columns", () => {
  test("an element, and 0 where there is none", () => {
    const column = Float64Array.of(3, 4);
    expect([at(column, 0), at(column, 1), at(column, 2), at(column, -1)]).toEqual([3, 4, 0, 0]);
  });

  test("adding changes it in place; beyond the end nothing is kept", () => {
    const column = Float64Array.of(3, 4);
    add(column, 1, 5);
    add(column, 0, -4);
    add(column, 2, 1);
    expect([...column]).toEqual([-1, 9]);
  });

  test("the sum", () => {
    expect(total(Float64Array.of(1, 2, 3.5))).toBe(6.5);
    expect(total(new Float64Array(0))).toBe(0);
  });
});
