import {view, type View} from "./view.ts";

/** What the guest's driver shows of itself; KiB and seconds. */
export interface XenMemoryFiles {
  readonly target: number;
  readonly current: number;
  readonly low: number;
  readonly delay: number;
  readonly maxDelay: number;
  readonly retries: number;
  readonly maxRetries: number;
}

/** `grep -H . *` in /sys/devices/system/xen_memory/xen_memory0: the numbers of the driver, KiB. */
export function xenMemory(files: XenMemoryFiles): View {
  const lines = [
    ["info/current_kb", files.current],
    ["info/high_kb", 0],
    ["info/low_kb", files.low],
    ["max_retry_count", files.maxRetries],
    ["max_schedule_delay", files.maxDelay],
    ["retry_count", files.retries],
    ["schedule_delay", files.delay],
    ["target", files.target * 1024],
    ["target_kb", files.target]
  ].map(([name, value]) => `${name}:${value}`);
  return view("xen_memory0", "Linux 6.1", "drivers/xen/xen-balloon.c", lines);
}
