import type {Grid} from "../figure/regions.ts";
import {COARSE, FINE, mapKey, mapRow} from "./map.ts";
import type {MapRequest} from "./worker-messages.ts";

/** Maps kept: what undo, redo and a switch there and back ask for again. */
const KEPT = 8;

/**
 * Works out maps, one at a time and the last one asked for: a coarse one always
 * to its end, so that a long drag sees the map move; a fine one row by row, until
 * something else is asked for. A fine map that is known is the answer to both.
 * @param post is handed each map.
 * @param turn lets requests in.
 * @param row works out a row; tests have a quicker one.
 * @returns what to call with a request.
 */
export function createMapper(post: (grid: Grid) => void, turn: () => Promise<void>, row: typeof mapRow = mapRow): (request: MapRequest) => Promise<void> {
  const kept = new Map<string, Grid>();
  let wanted: MapRequest | null = null;
  let isWorking = false;

  const coarse = ({system, knobs}: MapRequest): Grid => {
    const cells = new Uint8Array(COARSE * COARSE);
    for (let i = 0; i < COARSE; i++) cells.set(row(system, knobs, i, COARSE), i * COARSE);
    return {width: COARSE, height: COARSE, cells};
  };

  const fine = async ({system, knobs}: MapRequest): Promise<Grid | null> => {
    const cells = new Uint8Array(FINE * FINE);
    for (let i = 0; i < FINE; i++) {
      cells.set(row(system, knobs, i, FINE), i * FINE);
      await turn();
      if (wanted !== null) return null;
    }
    return {width: FINE, height: FINE, cells};
  };

  const answer = async (request: MapRequest): Promise<void> => {
    const key = mapKey(request.system, request.knobs);
    const known = kept.get(key);
    if (known !== undefined) {
      post(known);
      return;
    }
    if (!request.fine) {
      post(coarse(request));
      return;
    }
    const grid = await fine(request);
    if (grid === null) return;
    if (kept.size >= KEPT) kept.clear();
    kept.set(key, grid);
    post(grid);
  };

  return async (request) => {
    wanted = request;
    if (isWorking) return;
    isWorking = true;
    for (let next: MapRequest | null = request; next !== null; next = wanted) {
      wanted = null;
      await answer(next);
    }
    isWorking = false;
  };
}
