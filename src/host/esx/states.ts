import {amount, oneOf} from "../../input.ts";
import {sourced} from "../../source.ts";
import type {EsxRules, MemoryState, StateRule} from "./versions.ts";

/** Part of each further range of memory that minFree adds; sizes in MiB. */
export const SLIDING_SCALE = sourced(
  [
    {upTo: 4096, part: 0.06},
    {upTo: 12288, part: 0.04},
    {upTo: 28672, part: 0.02},
    {upTo: Infinity, part: 0.01}
  ],
  {text: "6 % of the first 4 GB, 4 % to 12, 2 % to 28, 1 % beyond; 130607 MB give 1920, as esxtop showed", place: "vmwarebits.com, Mem.MemMinFreePct calculation example", version: "ESXi 5 and later", grade: "read"}
);

const SIX_PERCENT = 0.06;

/**
 * Free memory that a host wants to keep.
 * @param managed MiB the VMkernel manages (esxtop's VMKMEM), which is less than what is installed.
 * @returns MiB, not rounded.
 * @throws ModelError `out-of-range`.
 */
export function minFree(managed: number, rule: EsxRules["minFree"]): number {
  amount(managed, "managed");
  if (oneOf(rule, ["six-percent", "sliding"], "rule") === "six-percent") return managed * SIX_PERCENT;
  let sum = 0;
  let from = 0;
  for (const {upTo, part} of SLIDING_SCALE.value) {
    sum += part * Math.max(0, Math.min(managed, upTo) - from);
    from = upTo;
  }
  return sum;
}

/** Where a host stands among its states. */
export interface StateMachine {
  readonly rules: readonly StateRule[];
  /** Pages of free memory that go with each rule. */
  readonly thresholds: Float64Array;
  /** How far beyond the higher threshold free memory has to rise before a state is left: a parameter, nobody has published it. */
  readonly hysteresis: number;
  /** Position in `rules`. */
  index: number;
}

/** @param wanted minFree in pages. */
export const createStateMachine = (rules: readonly StateRule[], wanted: number, hysteresis: number): StateMachine => ({
  rules,
  thresholds: Float64Array.from(rules, ({threshold}) => Math.floor(threshold * wanted)),
  hysteresis,
  index: 0
});

const thresholdOf = ({thresholds}: StateMachine, index: number): number => thresholds[index] ?? 0;

/**
 * Moves to the state that `free` pages put the host in: down as soon as free memory is below a
 * lower state's threshold, up a state only when it is well above that one's.
 * @returns whether the state changed.
 */
export function updateState(machine: StateMachine, free: number): boolean {
  const before = machine.index;
  const last = machine.rules.length - 1;
  while (machine.index < last && free < thresholdOf(machine, machine.index + 1)) machine.index++;
  while (machine.index > 0 && machine.index <= before && free > thresholdOf(machine, machine.index - 1) * (1 + machine.hysteresis)) machine.index--;
  return machine.index !== before;
}

const CALM: StateRule = {state: "high", threshold: 0, actions: {breakLarge: "no", share: "background", balloon: false, compress: false, swap: "no", block: false}};

/** The rule in force. */
export const currentRule = ({rules, index}: StateMachine): StateRule => rules[index] ?? CALM;
export const currentState = (machine: StateMachine): MemoryState => currentRule(machine).state;
