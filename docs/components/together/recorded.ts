import type {RegimeMapData} from "../figure/regime-map.tsx";
import type {Knobs} from "./systems.ts";

/**
 * The recorded runs of a KVM guest of 1024 MiB, balloon target 500 MiB, in a
 * cgroup of 500 MiB (data/recordings/cgroup-vm-*.json): what each came to.
 */
const RUNS = [
  {file: "cgroup-vm-cooperative-no-swap-300", driver: true, swap: false, load: 300, outcome: "fits"},
  {file: "cgroup-vm-no-driver-no-swap-700", driver: false, swap: false, load: 700, outcome: "vm-killed"},
  {file: "cgroup-vm-no-driver-swap-700", driver: false, swap: true, load: 700, outcome: "host-swaps"}
] as const;

/** Those that the present switches repeat: a recording says nothing of others. */
export function recordedRuns(knobs: Knobs): RegimeMapData["recorded"] {
  if (knobs.maxmem !== 1024 || knobs.cap !== 500 || knobs.guestSwap || knobs.short || knobs.reservation !== 0) return [];
  return RUNS.filter(({driver, swap}) => driver === knobs.driver && swap === knobs.swap).map(({file, load, outcome}) => ({x: 500, y: load, outcome, label: `recorded: ${file}`}));
}
