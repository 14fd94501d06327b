import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, test} from "vitest";
import {COVERAGE, readCoverage} from "../../scripts/mutation/coverage.ts";
import {interval, sample} from "../../scripts/mutation/sample.ts";

test("a sample is without repeats, the same for the same seed, and everything where there is no more", () => {
  const items = Array.from({length: 50}, (_, i) => i);
  const drawn = sample(items, 20, 7);
  expect(new Set(drawn).size).toBe(20);
  expect(sample(items, 20, 7)).toEqual(drawn);
  expect(sample(items, 20, 8)).not.toEqual(drawn);
  expect(sample(items, 60, 7).toSorted((a, b) => a - b)).toEqual(items);
});

test("the interval is Wilson's, a full count has none, and no count says nothing", () => {
  const [low, high] = interval(90, 100, 2000);
  expect(low).toBeCloseTo(0.8256, 3);
  expect(high).toBeCloseTo(0.9448, 3);
  expect(interval(9, 10, 10)).toEqual([0.9, 0.9]);
  expect(interval(0, 0, 5)).toEqual([0, 1]);
});

test("a mutant's tests are the files that ran its code, and none where nothing was recorded", () => {
  const folder = mkdtempSync(join(tmpdir(), "mutation-"));
  expect(readCoverage(folder).size).toBe(0);
  mkdirSync(join(folder, COVERAGE));
  const record = (file: string, ids: readonly string[]): void => writeFileSync(join(folder, COVERAGE, `${file}.json`), JSON.stringify({file, ids}));
  record("b.test.ts", ["2", "7"]);
  record("a.test.ts", ["2"]);
  expect([...readCoverage(folder)]).toEqual([["2", ["a.test.ts", "b.test.ts"]], ["7", ["b.test.ts"]]]);
  rmSync(folder, {recursive: true});
});
