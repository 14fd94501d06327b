import {COARSE, FINE, mapRow} from "../together/map.ts";
import type {MapAnswer, MapRequest} from "../together/worker-messages.ts";

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

async function make({key, system, knobs}: MapRequest, cells: number): Promise<MapAnswer | null> {
  const grid = new Uint8Array(cells * cells);
  for (let row = 0; row < cells; row++) {
    grid.set(mapRow(system, knobs, row, cells), row * cells);
    await turn();
    if (wanted !== null) return null;
  }
  return {key, cells, grid};
}

async function work(): Promise<void> {
  working = true;
  for (let request = wanted; request !== null; request = wanted) {
    wanted = null;
    for (const cells of [COARSE, FINE]) {
      const answer = await make(request, cells);
      if (answer === null) break;
      postMessage(answer);
    }
  }
  working = false;
}

addEventListener("message", ({data}: MessageEvent<MapRequest>) => {
  wanted = data;
  if (!working) void work();
});
