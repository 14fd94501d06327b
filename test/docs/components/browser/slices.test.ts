import {afterEach, beforeEach, describe, expect, test, vi} from "vitest";
import {slices} from "../../../../docs/components/browser/slices.ts";

describe("steps in slices", () => {
  let ran: string[] = [];
  const named = (name: string) => (): void => void ran.push(name);
  beforeEach(() => {
    vi.useFakeTimers();
    ran = [];
  });
  afterEach(() => void vi.useRealTimers());

  test("run in order, one a task, and then it is done", () => {
    const {begin} = slices(["a", "b", "c"].map(named), named("done"));
    begin();
    expect(ran).toEqual([]);
    for (const expected of [["a"], ["a", "b"]]) {
      vi.advanceTimersToNextTimer();
      expect(ran).toEqual(expected);
    }
    vi.runAllTimers();
    expect(ran).toEqual(["a", "b", "c", "done"]);
  });

  test("what comes in between runs between", () => {
    slices([() => void setTimeout(named("a key")), named("second")], named("done")).begin();
    vi.runAllTimers();
    expect(ran).toEqual(["a key", "second", "done"]);
  });

  test("are finished at once for whoever cannot wait, begun or not, and run once", () => {
    const {begin, finish} = slices(["a", "b", "c"].map(named), named("done"));
    begin();
    vi.advanceTimersToNextTimer();
    finish();
    expect(ran).toEqual(["a", "b", "c", "done"]);
    begin();
    finish();
    vi.runAllTimers();
    expect(ran).toEqual(["a", "b", "c", "done"]);
    slices([named("never begun")], named("done again")).finish();
    expect(ran.slice(4)).toEqual(["never begun", "done again"]);
  });
});
