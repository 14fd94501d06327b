import {spawnSync} from "node:child_process";
import {fileURLToPath} from "node:url";
import {describe, expect, test} from "vitest";
import {describeError} from "../../cli/errors.ts";
import type {Io} from "../../cli/io.ts";
import {main, nodeIo} from "../../cli/main.ts";
import {parseScenario} from "../../cli/scenario.ts";
import {readFileSync} from "node:fs";
import {containing} from "../matchers.ts";

const data = (path: string): string => fileURLToPath(new URL(`../../data/${path}`, import.meta.url));
const good = data("recordings/qemu-size-pc-512.json");

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], files: Readonly<Record<string, string>> = {}): Run {
  const [out, err]: [string[], string[]] = [[], []];
  const readBytes = (path: string): Uint8Array => (files[path] === undefined ? readFileSync(path) : Buffer.from(files[path]));
  const io: Io = {read: (path) => files[path] ?? readFileSync(path, "utf8"), readBytes, out: (text) => void out.push(text), err: (text) => void err.push(text)};
  const code = main(args, io);
  return {code, out: out.join("\n"), err: err.join("\n")};
}

const wrong = (name: string): Readonly<Record<string, string>> => {
  const recording = JSON.parse(readFileSync(good, "utf8")) as {steps: {after: {guest: {MemTotalKiB: number}}}[]};
  const guest = recording.steps[0]?.after.guest;
  if (guest) guest.MemTotalKiB += 10000;
  return {[name]: JSON.stringify(recording)};
};

describe("setmem check", () => {
  test("a good recording: every field, exit 0", () => {
    const {code, out, err} = run(["check", good]);
    expect(code).toBe(0);
    expect(err).toBe("");
    expect(out).toContain("ok   steps[0].after.guest.MemTotalKiB: 468416 error 0 (0.5 %)");
    expect(out.split("\n").filter((line) => line.includes("fields held to a bar"))).toHaveLength(1);
  });

  test("a field out of its bar: exit 1", () => {
    const {code, out} = run(["check", "bad.json"], wrong("bad.json"));
    expect(code).toBe(1);
    expect(out).toContain("FAIL steps[0].after.guest.MemTotalKiB: predicted 468416 observed 478416 error -10000 (0.5 %)");
  });

  test("several files: one summary line each at the end", () => {
    const {code, out} = run(["check", good, "bad.json"], wrong("bad.json"));
    expect(code).toBe(1);
    expect(out.split("\n").slice(-2).map((line) => line.split(":")[0])).toEqual(["ok   qemu-size-pc-512.json", "FAIL bad.json"]);
  });

  test("an unreadable file: exit 2, and the others are still checked", () => {
    const {code, out, err} = run(["check", "broken.json", good], {"broken.json": "{"});
    expect(code).toBe(2);
    expect(err).toBe("broken.json: not JSON: broken.json [not-json]\n  at broken.json: expected a JSON file; check the file for a truncated or half-written end");
    expect(out).toContain("ok   qemu-size-pc-512.json");
    expect(run(["check", "/nowhere.json"]).code).toBe(2);
    expect(run(["check", "x.json"], {"x.json": "{}"}).code).toBe(2);
  });

  test("unreadable outweighs a missed bar", () => {
    expect(run(["check", "bad.json", "broken.json"], {...wrong("bad.json"), "broken.json": "{"}).code).toBe(2);
  });

  test("as JSON", () => {
    const {code, out} = run(["check", "--json", good, "broken.json"], {"broken.json": "{"});
    const {exitCode, results} = JSON.parse(out) as {exitCode: number; results: {file: string; report?: {ok: boolean; comparisons: unknown[]; unpredicted: unknown[]}; error?: string}[]};
    expect([code, exitCode]).toEqual([2, 2]);
    expect(results.map(({file}) => file)).toEqual([good, "broken.json"]);
    expect(results[0]?.report?.ok).toBe(true);
    expect(results[0]?.report?.comparisons.length).toBeGreaterThan(30);
    expect(results[1]?.error).toContain("not-json");
  });
});

describe("setmem simulate", () => {
  const scenario = (spec: object): Readonly<Record<string, string>> => ({"s.json": JSON.stringify(spec)});
  const spec = {about: "x", machine: {memory: 1048576}, events: [{at: 1, type: "setmem", target: 524288}], duration: 5, step: 0.5};

  test("as text", () => {
    const {code, out} = run(["simulate", "s.json"], scenario(spec));
    expect(code).toBe(0);
    const line = (name: string): string[] => (out.split("\n").find((one) => one.startsWith(name)) ?? "").split(/\s+/);
    expect(line("KiB")).toEqual(["KiB", "at", "0", "s", "at", "5", "s"]);
    expect(line("configured")).toEqual(["configured", "1048576", "1048576"]);
    expect(line("actual")).toEqual(["actual", "1048576", "524288"]);
    expect(line("memTotal")).toEqual(["memTotal", "983744", "459456"]);
  });

  test("as CSV: one row a step, the unit in every name", () => {
    const {code, out} = run(["simulate", "--csv", "s.json"], scenario(spec));
    const rows = out.split("\n");
    expect(code).toBe(0);
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatch(/^timeSeconds,configuredKiB,targetKiB,actualKiB,memTotalKiB,/);
    expect(rows[1]?.split(",").slice(0, 3)).toEqual(["0", "1048576", "1048576"]);
    expect(new Set(rows.map((row) => row.split(",").length)).size).toBe(1);
  });

  test("as JSON", () => {
    const {out} = run(["simulate", "s.json", "--json"], scenario(spec));
    const timeline = JSON.parse(out) as {unit: string; times: number[]; columns: Record<string, number[]>; scenario: {machine: {memory: number}}; log: unknown[]};
    expect(timeline.unit).toBe("KiB");
    expect(timeline.times).toHaveLength(11);
    expect(timeline.columns["actual"]).toHaveLength(11);
    expect(timeline.columns["actual"]?.at(-1)).toBe(524288);
    expect(timeline.scenario.machine.memory).toBe(1048576);
    expect(Array.isArray(timeline.log)).toBe(true);
  });

  test("a log is printed under the state", () => {
    const {out} = run(["simulate", "s.json"], scenario({...spec, events: [{at: 1, type: "setmem", target: 4}], duration: 10}));
    expect(out).toMatch(/\d s kernel: .*Out of puff.*\(\d+ times\)/);
  });

  test("a line that was said once has no count", () => {
    const {out} = run(["simulate", "s.json"], scenario({...spec, workload: {overcommit: 1}, events: [{at: 1, type: "allocate", size: 2000000}]}));
    expect(out).toMatch(/\n {5}\d\.\d{3} s kernel: Out of memory: Killed process .*kB$/);
  });

  test("the scenarios in data/ are scenarios", () => {
    expect(run(["simulate", data("scenarios/qemu-2048-to-512.json")]).code).toBe(0);
  });

  test.each([
    ["not JSON", "{", "not-json"],
    ["no object", "[]", "malformed-scenario"],
    ["a missing part", "{\"duration\": 1}", "malformed-scenario"],
    ["an unknown part", "{\"machine\": {\"memory\": 1}, \"duration\": 1, \"x\": 1}", "malformed-scenario"],
    ["an event without its size", "{\"machine\": {\"memory\": 1048576}, \"duration\": 1, \"events\": [{\"at\": 1, \"type\": \"setmem\"}]}", "malformed-scenario"],
    ["a machine that cannot be", "{\"machine\": {\"memory\": 1048576, \"machine\": \"virt\"}, \"duration\": 1}", "unknown-machine-type"]
  ])("%s: exit 2", (_, text, code) => {
    const result = run(["simulate", "s.json"], {"s.json": text});
    expect(result.code).toBe(2);
    expect(result.err).toContain(`[${code}]`);
    expect(result.out).toBe("");
  });

  test("the bad field is named", () => {
    expect(() => parseScenario('{"machine": {"memory": "1G"}, "duration": 1}', "s")).toThrow(expect.objectContaining({path: "/machine/memory", expected: "must be number", hint: "see data/schemas/scenario.schema.json"}));
    expect(() => parseScenario("[]", "s")).toThrow(expect.objectContaining({path: "scenario", expected: "must be object", message: "not a scenario:  must be object"}));
  });
});

describe("the command line", () => {
  test.each([
    [[], "no command"],
    [["toString"], "unknown command: toString"],
    [["chekc"], "unknown command: chekc"],
    [["check"], "check takes at least one recording"],
    [["check", "--csv", "x"], "unknown option: --csv"],
    [["simulate"], "simulate takes one scenario"],
    [["simulate", "a", "b"], "simulate takes one scenario"],
    [["simulate", "a", "--json", "--csv"], "choose one of --json and --csv"],
    [["simulate", "a", "--yaml"], "unknown option: --yaml"]
  ])("%j: exit 2 and how to use it", (args, problem) => {
    const {code, err, out} = run(args);
    expect(code).toBe(2);
    expect(err.split("\n")[0]).toBe(problem);
    expect(err).toContain("usage: setmem check RECORDING.json... [--json]");
    expect(out).toBe("");
  });

  test.each(["--help", "-h", "help"])("%s: exit 0", (word) => {
    const {code, out} = run([word]);
    expect(code).toBe(0);
    expect(out).toContain("exit 0: all within their bars; 1: not all, or none; 2: a file was unreadable");
  });

  test("errors that are none of the model's are told as they are", () => {
    expect(describeError(new Error("x"))).toBe("x");
    expect(describeError("y")).toBe("y");
  });

  test("the real one reads files and writes to the terminal", () => {
    expect(nodeIo.read(good)).toContain("qemu-system-x86_64");
    const bin = fileURLToPath(new URL("../../bin/setmem.js", import.meta.url));
    const result = spawnSync(process.execPath, [bin, "check", good], {encoding: "utf8"});
    expect([result.status, result.stderr]).toEqual([0, ""]);
    expect(result.stdout).toContain("ok   qemu-size-pc-512.json");
    expect(spawnSync(process.execPath, [bin, "nonsense"], {encoding: "utf8"})).toMatchObject({status: 2, stdout: "", stderr: containing("unknown command: nonsense")});
  });
});
