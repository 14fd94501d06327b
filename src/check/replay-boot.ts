import type {Replayer} from "./types.ts";

/** The boot of a QEMU guest: memory map, zones, MemTotal. */
export const replayBoot: Replayer = {
  name: "boot",
  accepts: (recording) => "qemuArguments" in recording.setup,
  replay: () => undefined
};
