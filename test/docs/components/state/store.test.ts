import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {eventTable, initialState} from "../../../../docs/components/state/page-state.ts";
import {createStore} from "../../../../docs/components/state/store.ts";
import {isNumber} from "../../../../docs/components/state/params.ts";
import {anyAction, spec, specs} from "./tables.ts";
import {cases} from "../../../cases.ts";

/** A frame that the test itself draws. */
function frames(): {schedule: (run: () => void) => void; draw: () => void; waiting: () => number} {
  let queue: (() => void)[] = [];
  return {
    schedule: (run) => void queue.push(run),
    waiting: () => queue.length,
    draw: () => {
      const now = queue;
      queue = [];
      for (const run of now) run();
    }
  };
}

describe("the store", () => {
  test.each(specs)("1,000 runs of random drags, events, time, pins, undo and redo: undo walks back to the start, redo forward again, byte for byte (%s)", (_name, of) => {
    const step = fc.oneof({weight: 8, arbitrary: anyAction(of)}, {weight: 1, arbitrary: fc.constantFrom("undo" as const, "redo" as const)});
    const changed: Record<string, number> = {};
    const runs = cases(1000);
    let longest = 0;
    fc.assert(fc.property(fc.array(step, {minLength: 1, maxLength: 150, size: "max"}), (steps) => {
      const store = createStore(of, () => undefined);
      const start = JSON.stringify(store.state());
      for (const one of steps) {
        const before = store.state();
        if (one === "undo") store.undo();
        else if (one === "redo") store.redo();
        else store.dispatch(one);
        const kind = typeof one === "string" ? one : one.type === "set" && one.name === "time" ? "time" : one.type;
        if (store.state() !== before) changed[kind] = (changed[kind] ?? 0) + 1;
      }
      const end = JSON.stringify(store.state());
      const back: string[] = [];
      while (store.canUndo()) {
        back.push(JSON.stringify(store.state()));
        store.undo();
      }
      longest = Math.max(longest, back.length);
      expect(JSON.stringify(store.state())).toBe(start);
      const forward = back.map(() => {
        store.redo();
        return JSON.stringify(store.state());
      });
      expect(forward.at(-1) ?? start).toBe(end);
      expect(forward.reverse()).toEqual(back);
    }), {numRuns: runs, seed: 7});
    expect(longest).toBeGreaterThan(20);
    const eventKinds = eventTable(of).types.length === 0 ? [] : ["add-event", "change-event", "delete-event"];
    const own = [...(of.params.some(({name}) => name !== "time") ? ["set"] : []), ...(of.params.some(({name}) => name === "time") ? ["time"] : [])];
    for (const kind of [...own, "pin", "unpin", "reset", "undo", "redo", ...eventKinds]) expect(changed[kind] ?? 0, kind).toBeGreaterThan(runs / 10);
  });

  test.each(specs)("no step of undo or redo does nothing, not even after a drag that came back to where it began (%s)", (_name, of) => {
    const few = fc.oneof(...of.params.map((p) => fc.record({type: fc.constant("set" as const), name: fc.constant(p.name), value: isNumber(p) ? fc.constantFrom(p.initial, p.min, p.max) : fc.constantFrom(...p.options.map(({value}) => value)), gesture: fc.constantFrom("drag-1", "drag-2")})));
    fc.assert(fc.property(fc.array(few, {maxLength: 40}), (actions) => {
      const store = createStore(of, () => undefined);
      for (const a of actions) store.dispatch(a);
      while (store.canUndo()) {
        const before = JSON.stringify(store.state());
        store.undo();
        expect(JSON.stringify(store.state())).not.toBe(before);
      }
    }), {numRuns: cases(500)});
  });

  test("subscribers run once a frame, with the last state, and not when nothing changed", () => {
    const {schedule, draw, waiting} = frames();
    const store = createStore(spec, schedule);
    const sizes: unknown[] = [];
    store.subscribe((state) => sizes.push(state.params.size));
    for (const value of [700, 800, 900]) store.dispatch({type: "set", name: "size", value});
    expect([waiting(), sizes]).toEqual([1, []]);
    draw();
    expect(sizes).toEqual([900]);
    store.dispatch({type: "set", name: "size", value: 900});
    expect(waiting()).toBe(0);
    store.undo();
    draw();
    expect(sizes).toEqual([900, 800]);
  });

  test("a change made by a subscriber is drawn in the next frame", () => {
    const {schedule, draw} = frames();
    const store = createStore(spec, schedule);
    const seen: unknown[] = [];
    store.subscribe((state) => {
      seen.push(state.params.size);
      if (seen.length === 1) store.dispatch({type: "set", name: "size", value: 1000});
    });
    store.dispatch({type: "set", name: "size", value: 700});
    draw();
    draw();
    draw();
    expect(seen).toEqual([700, 1000]);
  });

  test("a drag undoes as one", () => {
    const store = createStore(spec, () => undefined);
    for (let value = 2000; value > 1000; value -= 10) store.dispatch({type: "set", name: "size", value, gesture: "drag-1"});
    store.undo();
    expect(store.state()).toEqual(initialState(spec));
    expect([store.canUndo(), store.canRedo()]).toEqual([false, true]);
    store.redo();
    expect(store.state().params.size).toBe(1010);
  });

  test("loading a state replaces the history too", () => {
    const store = createStore(spec, () => undefined);
    store.dispatch({type: "set", name: "size", value: 700});
    store.load(initialState(spec));
    expect([store.canUndo(), store.canRedo(), store.state().params.size]).toEqual([false, false, 2048]);
  });
});
