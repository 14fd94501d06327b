import {exact} from "../bars.ts";
import type {Collector, Recording, RecordedSeries} from "../types.ts";
import {withinBatch} from "./compare.ts";
import type {XenPlayer} from "./player.ts";

/** Consecutive different values. */
export const withoutRepeats = (values: readonly number[]): number[] => values.filter((value, i) => i === 0 || value !== values[i - 1]);

/** First value, every value where a column turns, and the last: where it stood still or came back from. */
export function turningPoints(values: readonly number[]): number[] {
  const moves = withoutRepeats(values);
  return moves.filter((value, i) => {
    const [before, after] = [moves[i - 1], moves[i + 1]];
    return before === undefined || after === undefined || (value - before) * (after - value) < 0;
  });
}

const numbers = (column: readonly (number | null)[]): number[] => column.filter((cell): cell is number => cell !== null);

/** Rows from a time on; all of them in a table without the recording's clock. */
function rowsFrom(table: RecordedSeries, name: string, from: number): number[] {
  const times = table["tSeconds"];
  const column = table[name] ?? [];
  return numbers(times ? column.filter((_, i) => (times[i] ?? 0) >= from) : column);
}

/** A table may begin after the first act: its last values are what counts. */
const lastOf = (predicted: readonly number[], observed: readonly number[]): number[] => predicted.slice(-Math.min(predicted.length, observed.length + (observed.length < predicted.length - 1 ? 1 : 0)));

interface Replayed {
  readonly player: XenPlayer;
  /** What the recorded MemTotal is beside the predicted one. */
  readonly shift: number;
  /** A balloon has stalled: its turning points are held to a batch. */
  readonly stalled: boolean;
  /** When the boot's state was read. */
  readonly from: number;
}

function comparePoints(path: string, predicted: readonly number[], observed: readonly number[], stalled: boolean, found: Collector): void {
  const expected = lastOf(predicted, observed);
  if (expected.length !== observed.length || !stalled) found.exact(path, expected, [...observed]);
  else observed.forEach((value, i) => found.compare(`${path}[${i}]`, expected[i] ?? null, value, withinBatch));
}

/** Balloon columns: where they turn. Between, they are as fast as the recorded machine was. */
function moved({player, shift}: Replayed): Readonly<Record<string, readonly number[]>> {
  const {memTotal, current, low, tot} = player.trace;
  const total = memTotal.map((value) => value + shift);
  return {MemTotalKiB: total, managedPages: total.map((value) => value / 4), currentKiB: current, guestCurrentKiB: current, lowKiB: low, totKiB: tot, xlListMemMiB: tot.map((value) => Math.floor(value / 1024))};
}

/** Columns that are set, not moved: every value they took. */
function set({player}: Replayed): Readonly<Record<string, readonly number[]>> {
  const targets = withoutRepeats(player.targets.map((pages) => pages * 4));
  return {targetKiB: targets, guestTargetKiB: targets, maxKiB: withoutRepeats(player.caps.map((pages) => pages * 4)), highKiB: [0]};
}

function compareColumn(path: string, table: RecordedSeries, name: string, replayed: Replayed, found: Collector): void {
  const points = moved(replayed)[name];
  const values = set(replayed)[name];
  const observed = rowsFrom(table, name, replayed.from);
  if (points) comparePoints(path, turningPoints(points), turningPoints(observed), replayed.stalled, found);
  else if (values) found.compare(path, lastOf(values, withoutRepeats(observed)), withoutRepeats(observed), exact);
  else found.cannot(path, "clock readings, or free memory and rows read while things moved");
}

/** Every table of a recording: values that were set, and where moving ones turned. */
export function compareSeries(recording: Recording, replayed: Replayed, found: Collector): void {
  for (const [table, columns] of Object.entries(recording.series)) {
    for (const name of Object.keys(columns)) if (name !== "tSeconds") compareColumn(`series.${table}.${name}`, columns, name, replayed, found);
  }
}
