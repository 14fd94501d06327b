import {decodeCells, type Grid} from "../figure/regions.ts";
import {FINE} from "./map.ts";
import type {Knobs, System} from "./systems.ts";

/** Where the page takes its map from: worked out at once by the build, by a worker in the browser. */
export type Maps = (system: System, knobs: Knobs) => Grid;

/** The map that the build drew, from the figure in the page; an empty one if there is none. */
export function builtMap(document: Document): Grid {
  const text = document.querySelector<SVGElement>("svg.regime-map")?.dataset.cells ?? "";
  return {width: FINE, height: FINE, cells: decodeCells(text, FINE * FINE) ?? new Uint8Array(FINE * FINE)};
}
