import type {Grid} from "../figure/regions.ts";
import {COARSE, FINE, mapRow} from "../together/map.ts";
import type {MapRequest} from "../together/worker-messages.ts";

/**
 * The worker of the page `together`: works out maps, row by row, and looks
 * between rows whether the reader has moved on.
 */
let wanted: MapRequest | null = null;
let working = false;

const channel = new MessageChannel();
/** Lets messages in: a promise alone would not. */
const turn = (): Promise<void> => new Promise((done) => {
  channel.port1.onmessage = () => done();
  channel.port2.postMessage(null);
});

async function make({system, knobs}: MapRequest, cells: number): Promise<Grid | null> {
  const grid: Grid = {width: cells, height: cells, cells: new Uint8Array(cells * cells)};
  for (let row = 0; row < cells; row++) {
    grid.cells.set(mapRow(system, knobs, row, cells), row * cells);
    await turn();
    if (wanted !== null) return null;
  }
  return grid;
}

async function work(): Promise<void> {
  working = true;
  for (let request = wanted; request !== null; request = wanted) {
    wanted = null;
    for (const cells of [COARSE, FINE]) {
      const grid = await make(request, cells);
      if (grid === null) break;
      postMessage(grid);
    }
  }
  working = false;
}

addEventListener("message", ({data}: MessageEvent<MapRequest>) => {
  wanted = data;
  if (!working) void work();
});
