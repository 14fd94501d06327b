import {afterEach, beforeEach, describe, expect, test, vi} from "vitest";
import {atRest} from "../../../../docs/components/browser/rest.ts";

describe("a callback once the reader rests", () => {
  let start = 0;
  let ran: number[] = [];
  const note = (): void => void ran.push(performance.now() - start);
  beforeEach(() => {
    vi.useFakeTimers();
    [start, ran] = [performance.now(), []];
  });
  afterEach(() => void vi.useRealTimers());

  /** A change every 16 ms. */
  function drag(changed: () => void, moves: number): void {
    for (let move = 0; move < moves; move++) {
      changed();
      vi.advanceTimersByTime(16);
    }
  }

  test("comes a pause after one change, once", () => {
    const changed = atRest(80, note);
    changed();
    vi.advanceTimersByTime(79);
    expect(ran).toEqual([]);
    vi.runAllTimers();
    expect(ran).toEqual([80]);
  });

  test("comes a pause after the last change of a drag", () => {
    const changed = atRest(80, note);
    drag(changed, 100);
    expect(ran).toEqual([]);
    vi.runAllTimers();
    expect(ran).toEqual([99 * 16 + 80]);
  });

  test("comes again after the next change", () => {
    const changed = atRest(80, note);
    changed();
    vi.advanceTimersByTime(200);
    changed();
    vi.runAllTimers();
    expect(ran).toEqual([80, 280]);
  });

  test("comes in a long drag too where there is a most", () => {
    const changed = atRest(80, note, 400);
    drag(changed, 60);
    vi.runAllTimers();
    expect(ran.slice(0, 2)).toEqual([400, 800]);
    expect(ran.at(-1)).toBe(59 * 16 + 80);
    expect(ran.length).toBe(3);
  });

  test("sets one timer however many changes there are", () => {
    const changed = atRest(80, note);
    for (let i = 0; i < 50; i++) changed();
    expect(vi.getTimerCount()).toBe(1);
  });
});
