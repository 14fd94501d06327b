import {beforeEach, describe, expect, test} from "vitest";
import type {Grid} from "../../../../docs/components/figure/regions.ts";
import {knobsOf, spec} from "../../../../docs/components/pages/together.tsx";
import {initialState} from "../../../../docs/components/state/page-state.ts";
import {COARSE, FINE, mapOf, type mapRow} from "../../../../docs/components/together/map.ts";
import {createMapper} from "../../../../docs/components/together/mapper.ts";
import type {MapRequest} from "../../../../docs/components/together/worker-messages.ts";

const initial = knobsOf(initialState(spec));
const request = (cap: number, fine = true): MapRequest => ({system: "KVM", knobs: {...initial, cap}, fine});
const coarse = (cap: number): MapRequest => request(cap, false);
/** Rows that tell which map they are of, and cost nothing. */
const row: typeof mapRow = (_, {cap}, index, cells) => new Uint8Array(cells).fill((cap + index) % 5);
const map = (cap: number, side: number): Grid => ({width: side, height: side, cells: Uint8Array.from({length: side * side}, (_, i) => (cap + Math.floor(i / side)) % 5)});

describe("maps, one at a time", () => {
  let posted: Grid[] = [];
  let turns = 0;
  /** What comes in at a turn. */
  let arriving = new Map<number, () => void>();
  const turn = (): Promise<void> => {
    arriving.get(turns++)?.();
    return Promise.resolve();
  };
  const mapper = (): ((request: MapRequest) => Promise<void>) => createMapper((grid) => void posted.push(grid), turn, row);
  beforeEach(() => {
    posted = [];
    turns = 0;
    arriving = new Map();
  });

  test("a coarse one at once, a fine one with a turn after each row", async () => {
    const ask = mapper();
    await ask(coarse(500));
    expect([posted, turns]).toEqual([[map(500, COARSE)], 0]);
    await ask(request(500));
    expect(posted).toEqual([map(500, COARSE), map(500, FINE)]);
    expect(turns).toBe(FINE);
  });

  test("a fine map is given up after a row, and only the last request counts", async () => {
    const ask = mapper();
    arriving.set(3, () => {
      void ask(coarse(600));
      void ask(request(700));
    });
    await ask(request(500));
    expect(posted).toEqual([map(700, FINE)]);
    expect(turns).toBe(4 + FINE);
  });

  test("one that was there before is there at once, whatever its two axes stand at", async () => {
    const ask = mapper();
    await ask(request(500));
    await ask(request(600));
    turns = 0;
    await ask({system: "KVM", knobs: {...initial, cap: 500, target: 128, load: 0}, fine: false});
    expect([posted.length, turns]).toEqual([3, 0]);
    expect(posted[2]).toEqual(map(500, FINE));
  });

  test("the maps are those of the model", async () => {
    const ask = createMapper((grid) => void posted.push(grid), () => Promise.resolve());
    await ask(coarse(500));
    await ask(request(500));
    expect(posted).toEqual([mapOf("KVM", initial, COARSE), mapOf("KVM", initial, FINE)]);
  });

  test("the oldest are forgotten", async () => {
    const ask = mapper();
    for (let cap = 500; cap < 509; cap++) await ask(request(cap));
    turns = 0;
    await ask(request(500));
    expect(turns).toBe(FINE);
  });
});
