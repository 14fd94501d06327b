import {nextRandomState, randomValue} from "../../src/random.ts";

/** `count` of the items, drawn without putting back; the same ones for the same seed. All of them if there are no more. */
export function sample<T>(items: readonly T[], count: number, seed: number): T[] {
  const left = [...items];
  let state = seed;
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) {
    state = nextRandomState(state);
    drawn.push(...left.splice(Math.floor(randomValue(state) * left.length), 1));
  }
  return drawn;
}

/** The interval that holds the true share with 95 % probability, after Wilson; the whole population needs none. */
export function interval(hits: number, count: number, population: number): readonly [number, number] {
  if (count === 0) return [0, 1];
  const share = hits / count;
  if (count >= population) return [share, share];
  const z = 1.96;
  const middle = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return [middle - half, middle + half];
}
