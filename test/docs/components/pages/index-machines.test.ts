import {describe, expect, test} from "vitest";
import {heroMachine, sizeAt} from "../../../../docs/components/pages/index-machines.ts";
import {page} from "../../../../docs/components/pages/index-page.tsx";
import {initialState} from "../../../../docs/components/state/page-state.ts";

const four = (machine: number, time: number): number[] => (["configured", "target", "actual", "resident"] as const).map((name) => Math.round(sizeAt(heroMachine(machine).run, time, name) / 1024));
const at = (machine: number, time: number) => page.compute({...initialState(page.spec), params: {machine, time}}, null);
const segments = (machine: number, time: number) => heroMachine(machine).column(at(machine, time)).columns.map(({segments: all}) => all);

describe("the machines of the first page", () => {
  test("are those of the choice, in its order, each run once", () => {
    const [choice] = page.spec.params;
    const labels = choice !== undefined && "options" in choice ? choice.options.map(({label}) => label) : [];
    expect(labels.map((_, i) => heroMachine(i).label)).toEqual(labels);
    expect(labels).toEqual(["QEMU and KVM", "Xen PV", "ESX"]);
    expect(heroMachine(2)).toBe(heroMachine(2));
  });

  test("all are configured with the same, and have come down to 512 MiB of host RAM at 18 s", () => {
    expect([0, 1, 2].map((machine) => four(machine, 18))).toEqual([[2048, 512, 512, four(0, 18)[3]], [2048, 512, 512, 512], [2048, 757, 757, 512]]);
  });

  test("at the end everything is given back; only Xen has spent it", () => {
    const [qemu, xen, esx] = [0, 1, 2].map((machine) => four(machine, 24));
    expect([qemu?.slice(0, 3), xen, esx]).toEqual([[2048, 2048, 2048], [2048, 2048, 2048, 2048], [2048, 2048, 2048, 512]]);
    expect(qemu?.[3]).toBeLessThan(1024);
  });

  test("in the ESX guest the total never changes", () => {
    expect(new Set(heroMachine(2).run.columns.memTotal).size).toBe(1);
  });

  test("columns show every page once, and ESX's its limit", () => {
    for (const machine of [0, 1, 2]) for (const time of [0, 6, 12, 13, 17, 18, 20, 24]) {
      for (const all of segments(machine, time)) expect(all.reduce((sum, {value}) => sum + value, 0)).toBeCloseTo(2048, 6);
    }
    expect(heroMachine(2).column(at(2, 18)).marks).toEqual([{key: "limit", layer: "backing", label: "limit", value: 512}]);
  });

  test("words and numbers follow the machine", () => {
    expect(page.summary(at(2, 18))).toBe("ESX at 18.0 s: configured 2,048\u00a0MiB, target 757\u00a0MiB, current 757\u00a0MiB, backed by 512\u00a0MiB of host RAM.");
    expect(page.numbers["backing"]?.(at(2, 18)).value).toBe(512 * 1024);
  });
});
