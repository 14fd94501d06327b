import {series} from "../../../data/recordings/qemu-balloon-series-dirty.json";
import {END} from "./qemu.ts";
import type {Points} from "../figure/timeline.tsx";

/** The two columns of a recording that the figures show. */
export interface RecordedSeries {
  readonly guest: {readonly tSeconds: readonly number[]; readonly MemTotalKiB: readonly number[]};
  readonly host: {readonly tSeconds: readonly number[]; readonly guestRamResidentKiB: readonly (number | null)[]};
}

export interface Overlay {
  readonly total: Points;
  readonly resident: Points;
}

/** Recorded points in MiB; `shift` seconds are taken off, rows before 0 and those without a value are left out. */
export function overlay({guest, host}: RecordedSeries, shift = 0): Overlay {
  return {total: zip(guest.tSeconds, guest.MemTotalKiB, shift), resident: zip(host.tSeconds, host.guestRamResidentKiB, shift)};
}

function zip(t: readonly number[], valueKib: readonly (number | null)[], shift: number): Points {
  return t.flatMap((seconds, i) => {
    const value = valueKib[i];
    return seconds < shift || seconds > shift + END || value === null || value === undefined ? [] : [[seconds - shift, value / 1024] as const];
  });
}

/**
 * A real run: QEMU 7.2.22 with 2048 MiB, Linux 6.1; 1700 MiB touched and freed,
 * then targets of 1024, 512 and 2048 MiB. Seconds since QEMU started; MiB.
 */
export const {total: recordedTotal, resident: recordedResident} = overlay(series);
