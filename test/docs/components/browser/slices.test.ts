import {afterEach, beforeEach, describe, expect, test, vi} from "vitest";
import {inSlices} from "../../../../docs/components/browser/slices.ts";

describe("steps in slices", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("run in order, one a task, and then it is done", () => {
    const ran: string[] = [];
    inSlices(["a", "b", "c"].map((name) => () => void ran.push(name)), () => void ran.push("done"));
    expect(ran).toEqual([]);
    for (const expected of [["a"], ["a", "b"]]) {
      vi.advanceTimersToNextTimer();
      expect(ran).toEqual(expected);
    }
    vi.runAllTimers();
    expect(ran).toEqual(["a", "b", "c", "done"]);
  });

  test("what comes in between runs between", () => {
    const ran: string[] = [];
    inSlices([() => void setTimeout(() => ran.push("a key")), () => void ran.push("second")], () => undefined);
    vi.runAllTimers();
    expect(ran).toEqual(["a key", "second"]);
  });
});
