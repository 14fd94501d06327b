import {describe, expect, test} from "vitest";
import {columnData, createCase, momentsOf} from "../../../../docs/components/case/case.ts";
import {END} from "../../../../docs/components/model/xen-events.ts";
import {xen} from "../../../../docs/components/pages/xen-pv-case.ts";
import {initialState, type Setting} from "../../../../docs/components/state/page-state.ts";

const {spec} = xen.model;
const initial = initialState(spec);
const withEvents = (...events: Setting["events"]): Setting => ({...initial, events});

describe("the scale of a case", () => {
  const top = (setting: Setting, pin: Setting | null = null): number => xen.timelineData(xen.compute(setting, pin)).max;

  test("is that of the machine, with a little room, whatever is asked for within it", () => {
    expect(top(initial)).toBe(2048 * 1.04);
    expect(top({...initial, params: {...initial.params, configured: 512}})).toBe(2048 * 1.04);
    expect(top({...initial, params: {...initial.params, configured: 4096}})).toBe(4096 * 1.04);
  });

  test("shows what is asked for beyond it, of either setting", () => {
    const beyond = withEvents({type: "xenstore", at: 5, value: 4096});
    expect(top(beyond)).toBe(4096 * 1.01);
    expect(top(initial, beyond)).toBe(4096 * 1.01);
    const {marks, max} = columnData(xen.compute({...beyond, params: {...initial.params, time: 10}}, null));
    expect([marks[0]?.value, max]).toEqual([4096, 4096 * 1.01]);
  });
});

test("a domain that is gone has no kernel and holds nothing", () => {
  const c = xen.compute({...withEvents({type: "mem-set", at: 1, value: 64}, {type: "fill", at: 30, value: 300}), params: {...initial.params, time: 40}}, null);
  const sizes = columnData(c).columns.map(({segments}) => segments.map(({value}) => value));
  expect(sizes).toEqual([[0, 0, 0, 0], [0, 0, 2048]]);
});

test("the dots are there for the recorded setting only, at whatever moment", () => {
  const dots = (setting: Setting): number => xen.timelineData(xen.compute(setting, null)).recorded.length;
  expect([dots(initial), dots({...initial, params: {...initial.params, time: 3}}), dots(withEvents())]).toEqual([2, 2, 0]);
});

test("the moments are those just before each event, and the end", () => {
  const c = xen.compute(initial, null);
  expect(momentsOf(xen.model)(c).rows.map(([at, label, , target]) => [at, label, target])).toEqual([[12.6, "before: mem-set target", 2048], [25.4, "before: mem-set half of it", 1024], [36.9, "before: mem-set maxmem", 512], [END, "the end", 2048]]);
});

test("a run is kept: another moment of the same setting is not run again", () => {
  let runs = 0;
  const counted = createCase({...xen.model, run: (setting) => {
    runs++;
    return xen.model.run(setting);
  }});
  for (const time of [1, 2, 3]) counted.compute({...initial, params: {...initial.params, time}}, null);
  expect(runs).toBe(1);
  for (let target = 128; target < 128 + 4 * 9; target += 4) counted.compute({...initial, params: {...initial.params, target}}, null);
  counted.compute(initial, null);
  expect(runs).toBe(11);
});
