import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {CaseColumn} from "../../../../docs/components/case/run.ts";
import {outcomeOf} from "../../../../docs/components/together/outcome.ts";
import {params} from "../../../../docs/components/together/params.ts";
import {briefs, runs, systems, type Knobs} from "../../../../docs/components/together/systems.ts";
import {isChoice} from "../../../../docs/components/state/params.ts";
import {bytesOf} from "../../../bytes.ts";
import {cases} from "../../../cases.ts";

/** A value that the control of this name can have. */
function value(name: string): fc.Arbitrary<number> {
  const param = params.find((p) => p.name === name);
  if (param === undefined) throw new Error(`no parameter ${name}`);
  if (isChoice(param)) return fc.constantFrom(...param.options.map((option) => option.value));
  return fc.integer({min: 0, max: Math.floor((param.max - param.min) / param.step)}).map((i) => param.min + i * param.step);
}

const flag = fc.boolean();
const knobs: fc.Arbitrary<Knobs> = fc.record({
  maxmem: value("maxmem"), target: value("target"), cap: value("cap"), reservation: value("reservation"), load: value("load"),
  driver: flag, swap: flag, guestSwap: flag, short: flag
}).map((k) => ({...k, reservation: Math.min(k.reservation, k.maxmem)}));

describe.each(systems)("%s", (system) => {
  test("what a run recorded comes to what the engine says without recording", () => {
    const seen = new Set<string>();
    fc.assert(fc.property(knobs, (k) => {
      const name = outcomeOf(runs[system](k));
      seen.add(name);
      expect(name).toBe(briefs[system](k));
    }), {numRuns: cases(300)});
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });

  test("a run that stands for two settings is that of both", () => {
    const other = (load: number): Knobs => ({maxmem: 512, target: 512, cap: 2048, reservation: 0, load, driver: true, swap: false, guestSwap: false, short: false});
    const below: Knobs = {...other(100), cap: 500, target: 600};
    let shared = 0;
    fc.assert(fc.property(knobs, knobs, fc.constantFrom("target", "cap", "reservation", "swap", "short"), (a, b, key) => {
      const changed: Knobs = {...a, [key]: b[key]};
      const run = runs[system](a);
      if (runs[system](changed) !== run || a[key] === b[key]) return;
      shared++;
      // Nine others push what is kept out.
      for (let i = 1; i <= 9; i++) runs[system](other(i * 4));
      const again = runs[system](changed);
      expect(again).not.toBe(run);
      for (const [name, column] of Object.entries(again.columns)) expect(Buffer.compare(bytesOf(column), bytesOf(run.columns[name as CaseColumn])), name).toBe(0);
      expect(again.log).toEqual(run.log);
    }), {numRuns: cases(150), examples: [[below, {...below, target: 700}, "target"]]});
    expect(shared > 0).toBe(true);
  });
});
