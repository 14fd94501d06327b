import {describe, expect, test} from "vitest";
import {CellProblem, compile} from "../../../../docs/components/notebook/compile.ts";

const fails = (code: string): {message: string; line: number; column: number} => {
  try {
    compile(code);
  } catch (error) {
    if (error instanceof CellProblem) return {message: error.message, line: error.line, column: error.column};
    throw error;
  }
  throw new Error("compiled");
};

describe("names", () => {
  const table: [string, string[], string[]][] = [
    ["const a = b + 1;", ["b"], ["a"]],
    ["const {a, b: [c], ...rest} = d", ["d"], ["a", "c", "rest"]],
    ["function f(x, y = z) { return x + y + g + arguments.length; }", ["g", "z"], ["f"]],
    ["const f = (x) => { const y = x; return y; };", [], ["f"]],
    ["for (let i = 0; i < n; i++) { const k = i; display(k); }", ["n"], []],
    ["try { a() } catch (e) { b(e) }", ["a", "b"], []],
    ["class A extends B { m() { return A; } }", ["B"], ["A"]],
    ["const o = {a, b: c}; o.d.e", ["a", "c"], ["o"]],
    ["{ var v = 1; let w = 2; }", [], ["v"]],
    ["const g = function h() { return h; }", [], ["g"]],
    ["let s = 0; for (const x of xs) s += x; s", ["xs"], ["s"]],
    ["const x: number = y as number; type T = Z;", ["y"], ["x"]],
    ["const [p = q] = r; x => x", ["r", "q"], ["p"]],
    ["const C = class D { f() { return D } }", [], ["C"]]
  ];
  for (const [code, inputs, outputs] of table) {
    test(code, () => {
      const compiled = compile(code);
      expect([...compiled.inputs].sort()).toEqual([...inputs].sort());
      expect(compiled.outputs).toEqual(outputs);
    });
  }
});

describe("the body", () => {
  test("the last expression is kept, the names returned", () => {
    expect(compile("const a = 1;\na + 1").body).toBe("const a = 1;\n__cell.last=(a + 1)\nreturn {a};");
  });
  test("a loop is guarded, one that waits is not", () => {
    expect(compile("while (true) f();").body).toContain("while (true) {__cell.tick();f();}");
    expect(compile("do { f() } while (a)").body).toContain("do {__cell.tick(); f() }");
    expect(compile("while (true) await f();").body).toContain("while (true) await f();");
    expect(compile("while (true) { g(async () => { await f() }) }").body).toContain("__cell.tick()");
  });
  test("waiting at the top makes it asynchronous, within a function not", () => {
    expect(compile("await f()").isAsync).toBe(true);
    expect(compile("for await (const x of xs) x;").isAsync).toBe(true);
    expect(compile("const g = async () => await f()").isAsync).toBe(false);
  });
  test("a place of the body leads back to the reader's text, types and guards taken into account", () => {
    const code = "const a: number = 1;\nconst b: number = f(x);\nfor (;;) { g(x); }\nh(a)";
    const {body, place} = compile(code);
    const lines = body.split("\n");
    for (const [line, token] of [[2, "f(x)"], [3, "g(x)"], [4, "h(a)"]] as const) {
      const column = (lines[line - 1] ?? "").indexOf(token) + 1;
      expect(place(line, column)).toEqual({line, column: (code.split("\n")[line - 1] ?? "").indexOf(token) + 1});
    }
  });
});

describe("problems, with line and column", () => {
  test("syntax", () => {
    expect(fails("const a = 1;\nconst = 2")).toMatchObject({line: 2, column: 7});
    expect(fails("const a: number = ;")).toMatchObject({line: 1, column: 19});
    expect(fails("let x: number = 1; let x = 2;")).toMatchObject({message: "Identifier 'x' has already been declared", line: 1, column: 24});
  });
  test("another cell's variable", () => {
    expect(fails("const b = 1;\n  a = 2")).toEqual({message: "a is not a variable of this cell: assign to it where it is declared", line: 2, column: 3});
    expect(fails("a++")).toMatchObject({line: 1, column: 1});
    expect(fails("[a] = [1]")).toMatchObject({line: 1, column: 2});
  });
  test("imports", () => {
    expect(fails('1;\nimport {x} from "y"; x').line).toBe(2);
    expect(fails("export const a = 1").message).toContain("in scope");
  });
});
