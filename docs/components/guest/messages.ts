import type {Held} from "./machine.ts";

/** From the page to the worker that runs the guest. */
export type ToWorker =
  | {readonly type: "start"; readonly folder: string; readonly memory: number; readonly deflateOnOom: boolean}
  | {readonly type: "keys"; readonly keys: string}
  | {readonly type: "ask"}
  | {readonly type: "balloon"; readonly pages: number};

/** And back. `frames` counts, for each MiB of the guest's address space, how many of its 256 pages the balloon holds. */
export type FromWorker =
  | {readonly type: "arrived"; readonly bytes: number}
  | {readonly type: "running"}
  | {readonly type: "console"; readonly text: string}
  | {readonly type: "record"; readonly line: string; readonly held: Held; readonly frames: Uint16Array}
  | {readonly type: "failed"; readonly why: string};
