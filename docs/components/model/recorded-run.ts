import {series, setup} from "../../../data/recordings/qemu-balloon-series-dirty.json";
import type {Points} from "../figure/timeline.tsx";

/**
 * A real run: QEMU 7.2.22 with 2048 MiB, Linux 6.1; 1700 MiB touched and freed,
 * then targets of 1024, 512 and 2048 MiB. Seconds since QEMU started; MiB.
 */
export const recordedMemory = setup.memoryMiB;
export const recordedTotal: Points = zip(series.guest.tSeconds, series.guest.MemTotalKiB);
export const recordedResident: Points = zip(series.host.tSeconds, series.host.guestRamResidentKiB);

function zip(t: readonly number[], valueKib: readonly number[]): Points {
  return t.map((seconds, i) => [seconds, (valueKib[i] ?? 0) / 1024] as const);
}
