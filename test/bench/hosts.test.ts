import {expect, test} from "vitest";
import {hostRuns} from "../../scripts/bench/hosts.ts";
import {metrics} from "../../scripts/bench/metrics.ts";
import type {SharedTimeline} from "../../src/simulation/shared/simulate-host.ts";

test("each has a time with its bar, and a ratio to the loop", () => {
  const ids = hostRuns().flatMap(([name]) => [`host.${name}`, `host.${name}.relative`]);
  expect(metrics.map(({id}) => id).filter((id) => id.startsWith("host."))).toEqual(ids);
  expect(ids).toHaveLength(8);
});

test("sixteen machines for 36,000 steps, and with nobody the host swaps to the end", () => {
  const run = hostRuns()[0]?.[1]() as SharedTimeline;
  expect([run.vms.length, run.times.length]).toEqual([16, 36001]);
  const swapIn = (row: number): number => run.vms.reduce((sum, {columns}) => sum + (columns.hostSwapIn[row] ?? 0), 0);
  expect(swapIn(36000)).toBeGreaterThan(swapIn(35400));
  expect(run.vms.every(({cost}) => cost.killedAt === null)).toBe(true);
});
