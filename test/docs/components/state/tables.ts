import fc from "fast-check";
import type {Action} from "../../../../docs/components/state/page-state.ts";
import type {NumberParam, ParamTable} from "../../../../docs/components/state/params.ts";
import {pages} from "../../../../docs/components/pages/index.ts";

const param = (name: string, min: number, max: number, step: number, initial: number): NumberParam => ({name, label: `the ${name}`, layer: null, unit: "MiB", min, max, step, initial, ticks: [], help: ""});

/** Steps of every kind a page may have, and a range that is not a whole number of steps. */
export const table: ParamTable = [param("size", 512, 4096, 1, 2048), param("time", 0, 24, 0.1, 18), param("pages", -10, 1000, 7, 4), param("share", 0, 1, 0.05, 0.5)];

/** The tables of the real pages, too: what holds for one must hold for all. */
export const tables: readonly (readonly [string, ParamTable])[] = [["made up", table], ...pages.map((page) => [page.id, page.params] as const)];

export const anyValue = (p: NumberParam): fc.Arbitrary<number> => fc.double({min: p.min, max: p.max, noNaN: true});

export const setAction = (of: ParamTable): fc.Arbitrary<Action> =>
  fc.oneof(...of.map((p) => fc.record({type: fc.constant("set" as const), name: fc.constant(p.name), value: anyValue(p)})));
