import {describe, expect, test} from "vitest";
import {columnData, comparisonOf} from "../../../../docs/components/case/case.ts";
import {scenarioOf} from "../../../../docs/components/model/qemu.ts";
import {qemu} from "../../../../docs/components/pages/qemu-kvm-case.ts";
import {seconds} from "../../../../src/units.ts";
import {initialState, reduce, type PageState} from "../../../../docs/components/state/page-state.ts";

const {spec} = qemu.model;
const start = initialState(spec);
const pressure = (at: number, value: number) => ({type: "add-event", event: {type: "host-pressure", at, value}}) as const;
const swapped = (state: PageState): number => {
  const host = columnData(qemu.compute(state, null)).columns[1] ?? expect.unreachable();
  return host.segments.find(({key}) => key === "swapped")?.value ?? expect.unreachable();
};
const drawn = (state: PageState): readonly string[] => qemu.timelineData(qemu.compute(state, null)).series.map(({key}) => key);

describe("host pressure on the timeline", () => {
  const pressed = reduce(spec, start, pressure(7, 7168));

  test("is an event of the host in the scenario, in KiB", () => {
    const {host, events = []} = scenarioOf(pressed);
    expect(host).toEqual({ram: 8388608, swap: 8388608});
    expect(events.filter(({type}) => type === "host-pressure")).toEqual([{at: 7, type: "host-pressure", size: 7340032}]);
  });

  test("puts the guest's pages on host swap, which column, timeline and comparison show", () => {
    expect([swapped(start), drawn(start).includes("host-swap")]).toEqual([0, false]);
    expect(swapped(pressed)).toBeGreaterThan(200);
    expect(drawn(pressed)).toContain("host-swap");
    const labels = (pin: PageState | null): string[] => comparisonOf(qemu.compute(pressed, pin)).map(({label}) => label);
    expect(labels(start)).toContain("host swap");
    expect(comparisonOf(qemu.compute(start, start)).map(({label}) => label)).not.toContain("host swap");
  });

  test("the guest sees nothing of it", () => {
    const at = (state: PageState) => qemu.compute(state, null).run.stateAt(seconds(qemu.model.end));
    expect([at(pressed).memTotal, at(pressed).memFree, at(pressed).actual]).toEqual([at(start).memTotal, at(start).memFree, at(start).actual]);
  });

  test("what is in RAM and on swap stays within the host, and nothing is swapped while there is room", () => {
    const {run} = qemu.compute(pressed, null);
    for (let i = 0; i < run.times.length; i++) {
      const [resident = 0, swap = 0] = [run.columns.resident[i], run.columns.hostSwapped[i]];
      const held = (run.times[i] ?? 0) < 7.05 ? 0 : 7340032;
      expect(resident + held).toBeLessThanOrEqual(8388608);
      if (held === 0) expect(swap).toBe(0);
    }
    expect(swapped(reduce(spec, start, pressure(7, 4096)))).toBe(0);
  });

  test("is moved, given another size and deleted like any other", () => {
    const index = pressed.events.length - 1;
    const later = reduce(spec, pressed, {type: "change-event", index, at: 99, value: 99999});
    expect(later.events[index]).toEqual({type: "host-pressure", at: 24, value: 8192});
    expect(reduce(spec, later, {type: "delete-event", index})).toEqual(start);
  });
});
