import type {Bar} from "./types.ts";

/** The bars the project holds its predictions to; a kind of field has one bar everywhere. */
export const exact: Bar = {kind: "exact"};
/** MemTotal at boot, KiB. */
export const bootMemTotal: Bar = {kind: "relative", fraction: 0.005};
/** Guest RAM resident on the host, KiB: the larger of 5 % and 16 MiB. */
export const residentKiB: Bar = {kind: "relative-or-absolute", fraction: 0.05, absolute: 16 * 1024};
/** Memory in host swap, KiB: the larger of 20 % and 16 MiB. */
export const swappedKiB: Bar = {kind: "relative-or-absolute", fraction: 0.2, absolute: 16 * 1024};
/** Where a balloon stalls, KiB. */
export const stallFloor: Bar = {kind: "relative", fraction: 0.05};
/** Shown, never judged. */
export const none: Bar = {kind: "none"};

/** Whether two numbers are as close as the bar asks. */
export function isWithin(bar: Bar, predicted: number, observed: number): boolean {
  const error = Math.abs(predicted - observed);
  switch (bar.kind) {
    case "exact":
      return error === 0;
    case "relative":
      return error <= bar.fraction * Math.abs(observed);
    case "relative-or-absolute":
      return error <= Math.max(bar.fraction * Math.abs(observed), bar.absolute);
    case "between":
      return predicted >= bar.least && predicted <= bar.most;
    case "none":
      return true;
  }
}
