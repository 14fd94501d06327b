import {decodeCells, type Grid} from "../figure/regions.ts";
import {FINE, mapKey} from "./map.ts";
import type {Knobs, System} from "./systems.ts";
import type {MapAnswer, MapRequest} from "./worker-messages.ts";

/** Where the page takes its map from: worked out at once by the build, by a worker in the browser. */
export type Maps = (system: System, knobs: Knobs) => Grid;

/** Maps that a worker makes: until one is there the last one stands. */
export function workerMaps(first: {readonly key: string; readonly grid: Grid}, start: () => Worker): {readonly maps: Maps; readonly onChange: (changed: () => void) => void} {
  let latest = first;
  let asked = first.key;
  let worker: Worker | null = null;
  let tell = (): void => undefined;
  const begin = (): Worker => {
    const made = start();
    made.addEventListener("message", ({data}: MessageEvent<MapAnswer>) => {
      latest = {key: data.key, grid: {width: data.cells, height: data.cells, cells: data.grid}};
      tell();
    });
    return made;
  };
  const ask = (request: MapRequest): void => {
    asked = request.key;
    worker ??= begin();
    worker.postMessage(request);
  };
  return {
    maps: (system, knobs) => {
      const key = mapKey(system, knobs);
      if (key !== asked) ask({key, system, knobs});
      return latest.grid;
    },
    onChange: (changed) => {
      tell = changed;
    }
  };
}

/** The map that the build drew, from the figure in the page; an empty one if there is none. */
export function builtMap(document: Document): Grid {
  const text = document.querySelector<SVGElement>("svg.regime-map")?.dataset.cells ?? "";
  return {width: FINE, height: FINE, cells: decodeCells(text, FINE * FINE) ?? new Uint8Array(FINE * FINE)};
}
