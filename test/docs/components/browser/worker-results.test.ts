import {afterEach, beforeEach, describe, expect, test, vi} from "vitest";
import {workerResults, type Answerer, type Pace, type WorkerResults} from "../../../../docs/components/browser/worker-results.ts";

/** A worker that does nothing but note what it is asked for. */
class Noted extends EventTarget implements Answerer {
  readonly asked: unknown[] = [];
  postMessage(request: unknown): void {
    this.asked.push(request);
  }
  answer(data: string): void {
    this.dispatchEvent(new MessageEvent("message", {data}));
  }
}

describe("what a worker works out", () => {
  let made: Noted[] = [];
  let changes = 0;
  const results = (pace?: Pace<number>): WorkerResults<number, string> => {
    const all = workerResults<number, string>({key: "first", result: "built"}, () => {
      const worker = new Noted();
      made.push(worker);
      return worker;
    }, pace);
    all.onChange(() => {
      changes++;
    });
    return all;
  };
  const asked = (): unknown[] => made.flatMap((worker) => worker.asked);

  beforeEach(() => {
    [made, changes] = [[], 0];
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  test("what the build drew is not asked for", () => {
    const {ask, latest} = results();
    ask("first", 1);
    expect(made).toEqual([]);
    expect(latest()).toBe("built");
  });

  test("each new key is asked for once, of one worker", () => {
    const {ask} = results();
    ask("second", 2);
    ask("second", 2);
    ask("third", 3);
    expect(asked()).toEqual([2, 3]);
    expect(made.length).toBe(1);
  });

  test("an answer stands until the next one, and is told", () => {
    const {ask, latest} = results();
    ask("second", 2);
    made[0]?.answer("two");
    ask("third", 3);
    expect([latest(), changes]).toEqual(["two", 1]);
    made[0]?.answer("three");
    expect([latest(), changes]).toEqual(["three", 2]);
  });

  test("of what is asked for within a pause only the last is posted, when it is over", () => {
    const {ask} = results({every: 500, rest: 1e6, atRest: (n) => -n});
    ask("second", 2);
    vi.advanceTimersByTime(100);
    ask("third", 3);
    vi.advanceTimersByTime(200);
    ask("fourth", 4);
    expect(asked()).toEqual([2]);
    vi.advanceTimersByTime(199);
    expect(asked()).toEqual([2]);
    vi.advanceTimersByTime(1);
    expect(asked()).toEqual([2, 4]);
    vi.advanceTimersByTime(500);
    ask("fifth", 5);
    expect(asked()).toEqual([2, 4, 5]);
  });

  test("once the reader rests, what is for that is asked for, and nothing that waited", () => {
    const {ask} = results({every: 500, rest: 150, atRest: (n) => -n});
    ask("second", 2);
    vi.advanceTimersByTime(100);
    ask("third", 3);
    vi.advanceTimersByTime(149);
    expect(asked()).toEqual([2]);
    vi.advanceTimersByTime(1);
    expect(asked()).toEqual([2, -3]);
    vi.advanceTimersByTime(10_000);
    expect(asked()).toEqual([2, -3]);
  });

  test("a long drag is answered while it goes on", () => {
    const {ask} = results({every: 500, rest: 150, atRest: (n) => -n});
    for (let i = 1; i <= 75; i++) {
      ask(String(i), i);
      vi.advanceTimersByTime(16);
    }
    expect(asked()).toEqual([1, 32, 63]);
    vi.advanceTimersByTime(150);
    expect(asked()).toEqual([1, 32, 63, -75]);
  });

  test("coming back to the start is asked for as well", () => {
    const {ask} = results();
    ask("second", 2);
    ask("first", 1);
    expect(asked()).toEqual([2, 1]);
  });

  test("a warm worker has been asked once, and is the one that answers", () => {
    const {ask, warm} = results();
    warm(1);
    warm(1);
    ask("second", 2);
    expect(asked()).toEqual([1, 2]);
    expect(made.length).toBe(1);
  });

  test("a worker that runs needs no warming", () => {
    const {ask, warm} = results();
    ask("second", 2);
    warm(1);
    expect(asked()).toEqual([2]);
  });
});
