import {safeBalloon} from "../../docs/components/guest/client.ts";
import {nextRandomState, randomValue} from "../../src/random.ts";
import type {Act} from "../../docs/components/guest/runs.ts";

/** A seeded act that leaves the guest alive; `total` is its MemTotal with an empty balloon, KiB. */
export function randomAct(random: () => number, total: number): Act {
  const within = (most: number): number => 1 + Math.floor(random() * most);
  switch (Math.floor(random() * 6)) {
    case 0: case 1: return {kind: "balloon", size: Math.floor(random() * safeBalloon(total))};
    case 2: return {kind: "process", size: within(32)};
    case 3: return {kind: "cgroup", limit: 3 + within(8), size: within(16)};
    case 4: return {kind: "read", size: within(4)};
    default: return {kind: "drop"};
  }
}

/** Numbers in [0, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = nextRandomState(state);
    return randomValue(state);
  };
}
