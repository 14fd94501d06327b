import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {begin, push, redo, undo, type History} from "../../../../docs/components/state/history.ts";

const pushes = (values: readonly number[]): History<number> => values.reduce((h, v) => push(h, v, null), begin(0));

describe("undo and redo", () => {
  test("at either end there is nothing to do: the same object", () => {
    const h = begin("only");
    expect(undo(h)).toBe(h);
    expect(redo(h)).toBe(h);
  });

  test("pushing what is there changes nothing", () => {
    const h = pushes([1]);
    expect(push(h, 1, null)).toBe(h);
  });

  test("a gesture's steps undo as one, the next gesture as another", () => {
    let h = begin(0);
    for (const v of [1, 2, 3]) h = push(h, v, "drag-1");
    for (const v of [4, 5]) h = push(h, v, "drag-2");
    expect(h.past).toEqual([0, 3]);
    expect(undo(h).present).toBe(3);
    expect(undo(undo(h)).present).toBe(0);
  });

  test("a gesture that comes back to where it began leaves no step, and goes on as one", () => {
    let h = push(begin(0), 5, null);
    for (const v of [6, 7, 5]) h = push(h, v, "drag");
    expect(h).toEqual({past: [0], present: 5, future: [], gesture: null});
    for (const v of [6, 9]) h = push(h, v, "drag");
    expect(h.past).toEqual([0, 5]);
  });

  test("after an undo the same gesture starts a new step", () => {
    const h = push(undo(push(begin(0), 1, "drag")), 2, "drag");
    expect(h).toMatchObject({past: [0], present: 2, future: []});
  });

  test("a new change forgets what was undone", () => {
    const h = push(undo(undo(pushes([1, 2, 3]))), 9, null);
    expect(h.future).toEqual([]);
    expect(redo(h)).toBe(h);
    expect(h.past).toEqual([0, 1]);
  });

  test("remembers the last 200 steps and no more", () => {
    const h = pushes(Array.from({length: 500}, (_, i) => i + 1));
    expect(h.past.length).toBe(200);
    expect(h.past[0]).toBe(300);
  });

  test("any pushes: undo walks back to the start, redo forward again", () => {
    fc.assert(fc.property(fc.array(fc.nat(), {maxLength: 60}), (values) => {
      const end = pushes(values);
      const steps = end.past.length;
      let h = end;
      for (let i = 0; i < steps; i++) h = undo(h);
      expect(h.present).toBe(0);
      for (let i = 0; i < steps; i++) h = redo(h);
      expect(h).toEqual(end);
    }));
  });
});
