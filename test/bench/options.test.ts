import {describe, expect, it} from "vitest";
import {parseOptions, STEPS} from "../../scripts/bench/options.ts";

describe("options", () => {
  it("measure everything five times", () => expect(parseOptions([])).toEqual({runs: 5, pages: null, only: new Set(STEPS), json: null, update: false, strict: false, help: false}));
  it("are one run when quick, unless a number says otherwise", () => {
    expect(parseOptions(["--quick"]).runs).toBe(1);
    expect(parseOptions(["--quick", "--runs", "2"]).runs).toBe(2);
  });
  it("take lists with spaces", () => {
    const {pages, only} = parseOptions(["--pages", "index, qemu-kvm", "--only", "load,drag"]);
    expect(pages).toEqual(["index", "qemu-kvm"]);
    expect(only).toEqual(new Set(["load", "drag"]));
  });
  it("take a file and switches", () => expect(parseOptions(["--json", "out.json", "--update", "--strict"])).toMatchObject({json: "out.json", update: true, strict: true}));
  it.each([[["--runs", "0"], "--runs expects"], [["--runs", "x"], "--runs expects"], [["--only", "load,nap"], "not nap"], [["--fast"], "--fast"]])("refuse %j", (args, message) => expect(() => parseOptions(args)).toThrow(message));
});
