import type {Points} from "../figure/timeline.tsx";
import type {Overlay} from "./recorded-run.ts";
import {END} from "./xen-events.ts";

/** The two columns of a recording of Xen that the figures show. */
export interface XenSeries {
  readonly guest: {readonly tSeconds: readonly number[]; readonly MemTotalKiB: readonly (number | null)[]};
  readonly host: {readonly tSeconds: readonly number[]; readonly totKiB: readonly (number | null)[]};
}

/** Recorded points in MiB; `shift` seconds of the recording come before the part shown, which ends at `end`. */
export const xenOverlay = ({guest, host}: XenSeries, shift = 0, end = END): Overlay => ({
  total: zip(guest.tSeconds, guest.MemTotalKiB, shift, end),
  resident: zip(host.tSeconds, host.totKiB, shift, end)
});

function zip(t: readonly number[], value: readonly (number | null)[], shift: number, end: number): Points {
  return t.flatMap((at, i) => {
    const size = value[i] ?? null;
    return size === null || at < shift || at > shift + end ? [] : [[Math.round((at - shift) * 1000) / 1000, size / 1024] as const];
  });
}
