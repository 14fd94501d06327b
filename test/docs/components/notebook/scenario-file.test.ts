import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {readFile} from "../../../../docs/components/notebook/files.ts";
import {fromScenario, isScenario} from "../../../../docs/components/notebook/exports/scenario.ts";
import {runNow} from "../../../../docs/components/notebook/run-now.ts";
import * as scope from "../../../../docs/components/notebook/scope-values.ts";
import {parseScenario} from "../../../../cli/scenario.ts";

const run = (text: string): {columns: Record<string, Float64Array>; code: string; script: string} => {
  const cells = readFile(text);
  const ran = runNow(cells, {...scope, params: {}});
  return {columns: (ran.get("n3")?.outputs["run"] as {columns: Record<string, Float64Array>}).columns, code: cells.map(({code}) => code).join("\n"), script: String(ran.get("n4")?.shown.at(-1))};
};

describe("a scenario file as cells", () => {
  for (const name of readdirSync("data/scenarios")) {
    test(`${name}: the run is the command's`, () => {
      const text = readFileSync(`data/scenarios/${name}`, "utf8");
      const {columns, script} = run(text);
      expect(columns).toEqual(scope.simulate(parseScenario(text, name)).columns);
      expect(script).toMatch(/^#!\/bin\/sh\n/);
    });
  }
  test("sizes and times are written with their units", () => {
    const text = JSON.stringify({about: " What it is. ", machine: {memory: 2097152, "odd-key": "x"}, driver: {loadsAt: null}, host: {ram: 1000, cgroup: {max: null}}, events: [{at: 2.5, type: "balloon", target: 1048577}], seed: 3, duration: 10});
    expect(fromScenario(text).map(({kind, code}) => [kind, code])).toEqual([
      ["md", "What it is."],
      ["ts", `const scenario: ScenarioSpec = {
  machine: {memory: mibToKib(mib(2048)), "odd-key": "x"},
  driver: {loadsAt: null},
  host: {ram: kib(1000), cgroup: {max: null}},
  events: [
    {at: seconds(2.5), type: "balloon", target: kib(1048577)}
  ],
  seed: 3,
  duration: seconds(10)
};`],
      ["ts", "const run = simulate(scenario);\nchart(run)"],
      ["ts", "shellScript(scenario)"]
    ]);
  });
  test("Xen and ESX by what they have", () => {
    expect(run(JSON.stringify({machine: {type: "pv", memory: 1048576}, events: [], duration: 5})).code).toContain("simulateXen(scenario)");
    expect(run(JSON.stringify({host: {ram: 8388608}, vms: [{name: "vm", memory: 1048576}], duration: 5})).script).toContain("virsh -c \"$HOST\" start 'vm'");
  });
  test("what is no scenario is left to the other readers", () => {
    for (const text of ["", "{", "3", "null", "{}", '{"machine": {}}', '{"nbformat": 4, "machine": 1, "duration": 1}']) expect(isScenario(text)).toBe(false);
    expect(() => readFile("{}")).toThrow("this file is not a notebook of nbformat 4");
  });
  test("one that is deeper than any is refused, and its text is never more than text", () => {
    const deep = JSON.stringify({machine: JSON.parse("[".repeat(20) + "]".repeat(20)) as unknown, duration: 1});
    expect(() => fromScenario(deep)).toThrow("this scenario cannot be read");
    const [, cell] = fromScenario(JSON.stringify({about: "a", machine: {memory: 1024, x: "`${alert(1)}`\"; alert(1); \""}, duration: 1}));
    expect(cell?.code).toContain(JSON.stringify("`${alert(1)}`\"; alert(1); \""));
  });
});
