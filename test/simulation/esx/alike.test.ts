import {describe, expect, test} from "vitest";
import {memoryStates} from "../../../src/host/esx/versions.ts";
import {fiveAlike, FIFTH_AT} from "../../../src/simulation/esx/alike.ts";
import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";

describe("five machines alike", () => {
  const of = (largePages: boolean) => {
    const run = simulateEsx(fiveAlike(largePages));
    const row = (minute: number): number => Array.from(run.times).indexOf(minute * 60);
    const sum = (name: "consumed" | "resident" | "shared" | "hostSwapped", minute: number): number => run.vms.reduce((total, {columns}) => total + (columns[name][row(minute)] ?? NaN) / 1024, 0);
    const states = (from: number, to: number): Set<string | undefined> => new Set(Array.from(run.host.state.slice(row(from), row(to)), (state) => memoryStates[state]));
    return {sum, states};
  };
  const [small, large] = [of(false), of(true)];
  const before = FIFTH_AT / 60 - 1;

  test("are granted the same on small pages and on large ones", () => {
    expect(Math.abs(small.sum("resident", before) - large.sum("resident", before))).toBeLessThan(5 * 2);
  });
  test("on small pages share half of it within an hour and a half, and the host is never short", () => {
    expect(small.sum("shared", before) / small.sum("resident", before)).toBeGreaterThan(0.5);
    expect(small.states(0, 180)).toEqual(new Set(["high"]));
    expect(small.sum("hostSwapped", 180)).toBe(0);
  });
  test("on large pages share nothing while memory lasts, and consume all they are granted", () => {
    expect(large.sum("shared", before)).toBe(0);
    expect(large.sum("consumed", before)).toBe(large.sum("resident", before));
    expect(large.states(0, before)).toEqual(new Set(["high"]));
  });
  test("on large pages the fifth makes the host short: it pages out some, and from then on shares", () => {
    expect(large.states(before, 180)).not.toEqual(new Set(["high"]));
    expect(large.sum("hostSwapped", 180)).toBeGreaterThan(10);
    expect(large.sum("hostSwapped", 180)).toBeLessThan(250);
    expect(large.sum("shared", 180)).toBeGreaterThan(1000);
    expect(large.sum("consumed", 180)).toBeLessThan(large.sum("consumed", before));
  });
});
