import {describe, expect, test} from "vitest";
import type {CellError} from "../../../../docs/components/notebook/compile.ts";
import {createRunner, LONGEST, type Runner} from "../../../../docs/components/notebook/frame/runner.ts";

interface Seen {
  readonly runner: Runner;
  readonly shown: Map<string, readonly unknown[]>;
  readonly failed: Map<string, CellError>;
  readonly ran: string[];
  readonly settled: () => Promise<void>;
}

/** Each reading of the clock is a second later. */
function start(scope: Record<string, unknown> = {}): Seen {
  let clock = 0;
  const shown = new Map<string, readonly unknown[]>();
  const failed = new Map<string, CellError>();
  const ran: string[] = [];
  const runner = createRunner({
    scope: {double: (x: number) => 2 * x, ...scope}, lazy: {late: () => Promise.resolve("late value")}, now: () => (clock += 1000), valuesOf: (value) => value,
    report: {
      running: (id) => void ran.push(id),
      shown: (id, values, done) => done ? void (shown.set(id, [...values]), failed.delete(id)) : undefined,
      failed: (id, error) => void (failed.set(id, error), shown.delete(id))
    }
  });
  // The runtime computes in turns of setImmediate here.
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 12; i++) await new Promise((turn) => setImmediate(turn));
  };
  return {runner, shown, failed, ran, settled};
}

const cells = (...codes: string[]): {id: string; code: string}[] => codes.map((code, i) => ({id: `c${i + 1}`, code}));

describe("cells", () => {
  test("run in the order of their names, wherever they stand", async () => {
    const {runner, shown, settled} = start();
    runner.define(cells("b + 1", "const b = double(a); b", "const a = 20; a"));
    await settled();
    expect([...shown.entries()].sort()).toEqual([["c1", [41]], ["c2", [40]], ["c3", [20]]]);
  });
  test("an edit runs the cell and what depends on it, nothing else", async () => {
    const {runner, shown, ran, settled} = start();
    runner.define(cells("const a = 1;", "a + 1", "const other = 5; other"));
    await settled();
    ran.length = 0;
    runner.define(cells("const a = 10;", "a + 1", "const other = 5; other"));
    await settled();
    expect(ran).toEqual(["c1", "c2"]);
    expect(shown.get("c2")).toEqual([11]);
  });
  test("a cell that is taken away leaves nothing behind", async () => {
    const {runner, failed, settled} = start();
    runner.define(cells("const a = 1;", "a + 1"));
    await settled();
    runner.define(cells("const a = 1;", "a + 1").slice(1));
    await settled();
    expect(failed.get("c2")?.message).toBe("a is not defined");
  });
  test("the parameters of the page are inputs", async () => {
    const {runner, shown, settled} = start();
    runner.inputs({params: {target: 5}});
    runner.define(cells("params.target * 2"));
    await settled();
    runner.inputs({params: {target: 7}});
    await settled();
    expect(shown.get("c1")).toEqual([14]);
  });
  test("what stands on the timeline is an input of its own: what uses only the parameters does not run again", async () => {
    const {runner, shown, settled} = start();
    runner.inputs({params: {target: 5}, events: [{at: 1}]});
    runner.define(cells("display(params.target); globalThis.setmemRuns = (globalThis.setmemRuns ?? 0) + 1;", "events.length"));
    await settled();
    runner.inputs({events: [{at: 1}, {at: 2}]});
    await settled();
    expect([shown.get("c2"), Reflect.get(globalThis, "setmemRuns")]).toEqual([[2], 1]);
  });
  test("a cell that declares an input stands in for the page, until it is gone", async () => {
    const {runner, shown, failed, settled} = start();
    runner.inputs({params: {target: 5}});
    runner.define(cells("params.target * 2", "const params = {target: 100};"));
    await settled();
    expect(shown.get("c1")).toEqual([200]);
    runner.inputs({params: {target: 7}});
    await settled();
    expect(shown.get("c1")).toEqual([200]);
    runner.define(cells("params.target * 2"));
    await settled();
    expect([shown.get("c1"), failed.size]).toEqual([[14], 0]);
  });
  test("waiting, late names, generators", async () => {
    const {runner, shown, settled} = start();
    runner.define(cells("const x = await Promise.resolve(3); x", "x + 1", "late", "const g = (function* () { yield 8; })();", "g"));
    await settled();
    expect([shown.get("c2"), shown.get("c3"), shown.get("c5")]).toEqual([[4], ["late value"], [8]]);
  });
  test("display and console show, undefined does not", async () => {
    const {runner, shown, settled} = start();
    runner.define(cells("display(1); console.log('two', 2); undefined", "display(7)"));
    await settled();
    expect([shown.get("c1"), shown.get("c2")]).toEqual([[1, ["two", 2]], [7]]);
  });
  test("again runs it once more", async () => {
    const {runner, ran, settled} = start();
    runner.define(cells("1"));
    await settled();
    runner.again("c1");
    runner.again("nothing");
    await settled();
    expect(ran).toEqual(["c1", "c1"]);
  });
});

describe("errors", () => {
  test("of the syntax, and those who wait are told", async () => {
    const {runner, failed, shown, settled} = start();
    runner.define(cells("const a = 1;", "a + 1"));
    await settled();
    runner.define(cells("const a = ;", "a + 1"));
    await settled();
    expect(failed.get("c1")).toEqual({name: "SyntaxError", message: "Unexpected token", line: 1, column: 11});
    expect(failed.get("c2")?.message).toBe("waits for a: waits for cell c1, which has an error");
    runner.define(cells("const a = 2;", "a + 1"));
    await settled();
    expect(shown.get("c2")).toEqual([3]);
  });
  test("at run time, with line and column of the reader's text", async () => {
    const {runner, failed, settled} = start();
    runner.define(cells("const a: number = 1;\nconst b: any = null;\n  b.c.d", "a"));
    await settled();
    expect(failed.get("c1")).toMatchObject({name: "TypeError", line: 3, column: 5});
    expect(failed.get("c2")?.message).toMatch(/^waits for a: /);
  });
  test("in a cell that waits", async () => {
    const {runner, failed, settled} = start();
    runner.define(cells("await null;\nthrow new RangeError('no')"));
    await settled();
    expect(failed.get("c1")).toEqual({name: "RangeError", message: "no", line: 2, column: 7});
  });
  test("two cells that declare a name: both say so, and are well again when one is changed", async () => {
    const {runner, failed, shown, settled} = start();
    runner.define(cells("const a = 1; a", "const a = 2; a"));
    await settled();
    expect([...failed.values()].map(({message}) => message)).toEqual(["a is declared by more than one cell: give one of them another name", "a is declared by more than one cell: give one of them another name"]);
    runner.define(cells("const a = 1; a", "const b = 2; b"));
    await settled();
    expect([shown.get("c1"), shown.get("c2")]).toEqual([[1], [2]]);
  });
  test("a circle", async () => {
    const {runner, failed, settled} = start();
    runner.define(cells("const a = b;", "const b = a;"));
    await settled();
    expect(failed.size).toBe(2);
  });
  test("an unknown name, and what is no error at all", async () => {
    const {runner, failed, settled} = start();
    runner.define(cells("gest + 1", "throw 'text'"));
    await settled();
    expect(failed.get("c1")).toEqual({name: "Error", message: "gest is not defined", line: null, column: null});
    expect(failed.get("c2")?.message).toBe("text");
  });
  test("a loop without an end is stopped", async () => {
    const {runner, failed, shown, settled} = start();
    runner.define(cells("while (true) {}", "for (;;);", "let n = 0;\ndo n++; while (true)", "let s = 0; for (let i = 0; i < 500; i++) s += i; s"));
    await settled();
    for (const id of ["c1", "c2", "c3"]) expect(failed.get(id)?.message).toBe(`stopped: this loop ran for more than ${LONGEST / 1000} s; is there an end to it?`);
    expect(failed.get("c3")?.line).toBe(2);
    expect(shown.get("c4")).toEqual([124750]);
  });
});
