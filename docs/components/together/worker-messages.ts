import type {Knobs, System} from "./systems.ts";

/** Asks for a map; a later request takes the place of one that is not answered yet. */
export interface MapRequest {
  readonly system: System;
  readonly knobs: Knobs;
  /** The map itself, once the reader rests; until then a coarse one will do. */
  readonly fine: boolean;
}
