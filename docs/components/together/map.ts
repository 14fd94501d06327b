import type {Grid} from "../figure/regions.ts";
import type {MapAxis} from "../figure/regime-map.tsx";
import {cellOf} from "./outcome.ts";
import {MAP} from "./params.ts";
import {briefs, type Knobs, type System} from "./systems.ts";

/** Cells a side: the first, quick look, and the map. */
export const COARSE = 16;
export const FINE = 64;

export const axes: {readonly x: MapAxis; readonly y: MapAxis} = {x: {label: "target", ...MAP.target}, y: {label: "guest load", ...MAP.load}};

/** MiB from one cell of the fine map to the next: the same along both axes. */
export const CELL = (MAP.target.max - MAP.target.min) / (FINE - 1);

/** The value in the middle of a cell, MiB, on the grid of its slider. */
const value = ({min, max}: MapAxis, i: number, cells: number): number => min + Math.round(((max - min) * i) / (cells - 1) / 4) * 4;

/** What one run comes to, as a place in `outcomes`. */
const cell = (system: System, knobs: Knobs): number => cellOf(briefs[system](knobs));

/** One row of the map: a run for every target, all with one load. */
export function mapRow(system: System, knobs: Knobs, row: number, cells: number): Uint8Array {
  const load = value(axes.y, row, cells);
  return Uint8Array.from({length: cells}, (_, column) => cell(system, {...knobs, load, target: value(axes.x, column, cells)}));
}

/** The whole map at once: for the build and for tests; the page has a worker do it row by row. */
export function mapOf(system: System, knobs: Knobs, cells: number): Grid {
  const grid = new Uint8Array(cells * cells);
  for (let row = 0; row < cells; row++) grid.set(mapRow(system, knobs, row, cells), row * cells);
  return {width: cells, height: cells, cells: grid};
}

/** What a map depends on: all knobs but its two axes. */
export const mapKey = (system: System, knobs: Knobs): string => JSON.stringify([system, {...knobs, target: 0, load: 0}]);
