import type {Knobs, System} from "./systems.ts";

/** Asks for a map; a later request takes the place of one that is not answered yet. */
export interface MapRequest {
  readonly key: string;
  readonly system: System;
  readonly knobs: Knobs;
}

/** A map as far as it is: the coarse one first, then the fine one. */
export interface MapAnswer {
  readonly key: string;
  readonly cells: number;
  readonly grid: Uint8Array;
}
