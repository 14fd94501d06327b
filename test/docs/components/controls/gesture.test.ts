import {describe, expect, test} from "vitest";
import {gesturesOf} from "../../../../docs/components/controls/gesture.ts";

describe("what undoes as one", () => {
  test("a drag, however long the pointer rests in it", () => {
    const {start, step, end} = gesturesOf("target");
    start(0);
    const first = step(16);
    expect(step(60_000)).toBe(first);
    end();
    start(60_100);
    expect(step(60_116)).not.toBe(first);
  });

  test("keys in a burst, and not those after a pause", () => {
    const {step} = gesturesOf("target");
    const first = step(0);
    expect(step(900)).toBe(first);
    expect(step(1800)).toBe(first);
    expect(step(2801)).not.toBe(first);
  });

  test("a key after a drag is one of its own after a pause", () => {
    const {start, step, end} = gesturesOf("target");
    start(0);
    const first = step(16);
    end();
    expect(step(2000)).not.toBe(first);
  });

  test("two controls have none in common", () => {
    expect(gesturesOf("target").step(0)).not.toBe(gesturesOf("configured").step(0));
  });
});
