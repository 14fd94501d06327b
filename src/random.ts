/**
 * Numbers that look random and are the same for the same seed on every machine:
 * Mulberry32 (Tommy Ettinger, public domain), whose whole state is one 32-bit
 * number, so that a checkpoint holds it.
 */

/** The state after `state`; any whole number is a seed. */
export const nextRandomState = (state: number): number => (state + 0x6d2b79f5) | 0;

/** The number in [0, 1) that belongs to a state. */
export function randomValue(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
