import {kib, seconds} from "../../../src/units.ts";
import type {ColumnData} from "../figure/memory-column.tsx";
import {formatMib} from "../figure/format.ts";
import {initialState} from "../state/page-state.ts";
import {esx} from "./esx-case.ts";
import {esxColumn} from "./esx-column.tsx";

/** The first page's figure for ESX: the default run of this page at a moment, with its four numbers. */
export interface Hero {
  readonly column: ColumnData;
  readonly words: string;
  /** KiB. */
  readonly numbers: {readonly configured: number; readonly target: number; readonly current: number; readonly backing: number};
}

/** @param time seconds, 0 to the end of the page's run. */
export function esxHero(time: number): Hero {
  const setting = initialState(esx.model.spec);
  const c = esx.compute({...setting, params: {...setting.params, time}}, null);
  const {configured, target, actual, resident} = c.run.stateAt(seconds(time));
  const text = (value: number): string => formatMib(kib(value));
  return {
    column: esxColumn(c),
    words: `At ${time.toFixed(1)} s: configured ${text(configured)}, target ${text(target)}, current ${text(actual)}, backed by ${text(resident)} of host RAM.`,
    numbers: {configured, target, current: actual, backing: resident}
  };
}
