import {afterEach, beforeEach, describe, expect, test, vi} from "vitest";
import {seldom, type Near} from "../../../../docs/components/browser/near.ts";

describe("text that is drawn when the reader pauses", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Text out of view: drawing leaves it for later, catching up does not. */
  function outOfView(): {readonly near: Near; readonly said: string[]} {
    const said: string[] = [];
    let isStale = false;
    const draw = (): void => {
      said.push("put off");
      isStale = true;
    };
    const catchUp = (): void => {
      if (isStale) said.push("drawn");
      isStale = false;
    };
    return {near: {draw, catchUp}, said};
  }

  test("is drawn once for many changes", () => {
    const {near, said} = outOfView();
    const text = seldom([near]);
    for (let i = 0; i < 10; i++) text.draw();
    expect(said).toEqual([]);
    vi.runAllTimers();
    expect(said).toEqual(["put off"]);
  });

  test("is caught up on after its pause", () => {
    const {near, said} = outOfView();
    const text = seldom([near]);
    text.draw();
    vi.runAllTimers();
    text.catchUp();
    expect(said).toEqual(["put off", "drawn"]);
  });

  test("is not left behind when the reader's long pause ends before its own: a busy page runs timers late, and in the order they were set for", () => {
    const {near, said} = outOfView();
    const text = seldom([near]);
    text.draw();
    text.catchUp();
    vi.runAllTimers();
    expect(said).toEqual(["put off", "drawn"]);
  });
});
