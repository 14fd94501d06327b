import fc from "fast-check";
import {expect, test} from "vitest";
import {decodeCells, encodeCells, roomiest, stretches, type Grid} from "../../../../docs/components/figure/regions.ts";
import {cases} from "../../../cases.ts";

const grid = (rows: readonly string[]): Grid => ({width: rows[0]?.length ?? 0, height: rows.length, cells: Uint8Array.from(rows.toReversed().join(""), Number)});
const grids = fc.tuple(fc.integer({min: 1, max: 12}), fc.integer({min: 1, max: 12})).chain(([width, height]) =>
  fc.array(fc.integer({min: 0, max: 3}), {minLength: width * height, maxLength: width * height}).map((cells): Grid => ({width, height, cells: Uint8Array.from(cells)})));

test("stretches run along the rows, the bottom one first", () => {
  const map = grid(["0011", "0010"]);
  expect(stretches(map, 0)).toEqual([{row: 0, from: 0, to: 2}, {row: 0, from: 3, to: 4}, {row: 1, from: 0, to: 2}]);
  expect(stretches(map, 2)).toEqual([]);
});

test("the stretches of all outcomes cover every cell once", () => {
  fc.assert(fc.property(grids, (map) => {
    const covered = new Uint8Array(map.cells.length).fill(9);
    for (const outcome of [0, 1, 2, 3]) {
      for (const {row, from, to} of stretches(map, outcome)) {
        for (let column = from; column < to; column++) {
          expect(covered[row * map.width + column]).toBe(9);
          covered[row * map.width + column] = outcome;
        }
      }
    }
    expect(covered).toEqual(map.cells);
  }), {numRuns: cases(1000)});
});

test("a name stands where its region has most room", () => {
  expect(roomiest(grid(["00000", "01110", "01110", "01110", "00000"]), 1)).toEqual({row: 2, column: 2, room: 2});
  expect(roomiest(grid(["000"]), 1)).toBeNull();
});

test("the room is the distance to the nearest other cell or edge", () => {
  fc.assert(fc.property(grids, fc.integer({min: 0, max: 3}), (map, outcome) => {
    const spot = roomiest(map, outcome);
    const distance = (row: number, column: number): number => {
      let least = Math.min(row + 1, map.height - row, column + 1, map.width - column);
      map.cells.forEach((cell, i) => {
        if (cell !== outcome) least = Math.min(least, Math.abs(Math.floor(i / map.width) - row) + Math.abs((i % map.width) - column));
      });
      return least;
    };
    const rooms = Array.from(map.cells, (cell, i) => (cell === outcome ? distance(Math.floor(i / map.width), i % map.width) : 0));
    expect(spot?.room ?? 0).toBe(Math.max(...rooms));
  }), {numRuns: cases(1000)});
});

test("cells survive the way through text, and other text is refused", () => {
  fc.assert(fc.property(grids, ({cells}) => {
    expect(decodeCells(encodeCells(cells), cells.length)).toEqual(cells);
  }), {numRuns: cases(1000)});
  for (const text of ["", "x4", "04", "0", "05 11", "0!"]) expect(decodeCells(text, 5)).toBeNull();
});
