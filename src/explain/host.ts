import {size} from "./size.ts";
import type {Explanation} from "./types.ts";

/** Several machines on one host, KiB. */
export interface HostTotals {
  readonly machines: number;
  /** What the guests may use if they use all of it: layer 1. */
  readonly configured: number;
  /** What they are asked to live in: layer 2. */
  readonly target: number;
  /** What the host promised: reservations, and Xen's memory, which is never overcommitted. */
  readonly guaranteed: number;
  readonly text: string;
}

/** Sums over the configurations among `explanations`; null when there are fewer than two. */
export function hostOf(explanations: readonly Explanation[]): HostTotals | null {
  const started = explanations.flatMap((one) => (one.started ? [one.started] : []));
  if (started.length < 2) return null;
  const sum = (of: (one: (typeof started)[number]) => number): number => started.reduce((total, one) => total + of(one), 0);
  const configured = sum(({memory}) => memory);
  const target = sum(({currentMemory, driver, memory}) => (driver === "esx" || driver === "lxc" ? memory : currentMemory));
  const guaranteed = sum(({guaranteed: promised, driver, currentMemory}) => promised ?? (driver === "xen" ? currentMemory : 0));
  const text = [
    `${started.length} machines on one host:`,
    `  configured  ${size(configured)}: what they use if all of them use all they have`,
    `  target      ${size(target)}: what they are asked to live in`,
    `  guaranteed  ${size(guaranteed)}: what the host must keep free for them`,
    `  not promised ${size(configured - guaranteed)}: the host may run out of this much, and its own needs come on top`
  ].join("\n");
  return {machines: started.length, configured, target, guaranteed, text};
}
