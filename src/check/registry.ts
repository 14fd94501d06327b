import {replayBoot} from "./replay-boot.ts";
import type {Replayer} from "./types.ts";

/**
 * Every replayer there is, in the order they run. A recording is given to each
 * that accepts it; a later one may not report a path that an earlier one has.
 */
export const replayers: readonly Replayer[] = [replayBoot];
