import {afterEach, beforeEach, describe, expect, test, vi} from "vitest";
import {rehearsals, rehearse} from "../../../../docs/components/browser/rehearse.ts";
import type {PageDef} from "../../../../docs/components/pages/page.ts";
import {initialState, type PageSpec, type Setting} from "../../../../docs/components/state/page-state.ts";
import type {NumberParam} from "../../../../docs/components/state/params.ts";
import {createStore} from "../../../../docs/components/state/store.ts";

const slider = (name: string, min: number, max: number): NumberParam => ({name, label: name, layer: null, unit: "MiB", min, max, step: 4, initial: min, ticks: [], help: ""});
const spec: PageSpec = {params: [slider("target", 0, 1024), {name: "driver", label: "driver", layer: null, initial: 1, help: "", options: [{value: 0, label: "none"}, {value: 1, label: "loaded"}]}, slider("load", 64, 128)]};
const sliders = spec.params.filter((param): param is NumberParam => !("options" in param));

describe("the settings of a rehearsal", () => {
  const start = initialState(spec);
  const all = rehearsals(start, sliders);
  test("each slider in turn, from one end of its range to the other, on its grid", () => {
    expect(all.length).toBe(16);
    expect(all.filter((_, i) => i % 2 === 0).map(({params}) => params.target)).toEqual([32, 160, 288, 416, 544, 672, 800, 928]);
    expect(all.filter((_, i) => i % 2 === 1).map(({params}) => params.load)).toEqual([72, 80, 88, 96, 104, 112, 120, 128]);
  });
  test("the others, choices among them, stay", () => {
    for (const [i, {params}] of all.entries()) expect(params).toMatchObject(i % 2 === 0 ? {driver: 1, load: 64} : {driver: 1, target: 0});
  });
  test("none without a slider", () => expect(rehearsals(start, [])).toEqual([]));
});

describe("a rehearsal", () => {
  const ran: Setting[] = [];
  const note = (setting: Setting): Setting => {
    ran.push(setting);
    return setting;
  };
  const page: PageDef<Setting> = {id: "page", spec, compute: note, figures: {}, numbers: {}, summary: () => ""};
  beforeEach(() => {
    ran.length = 0;
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  test("runs once for each setting, one at a time", () => {
    rehearse(page, createStore(spec, (run) => run()));
    vi.advanceTimersByTime(10);
    expect(ran.length).toBe(1);
    vi.runAllTimers();
    expect(ran).toEqual(rehearsals(initialState(spec), sliders));
  });

  test("is over with the reader's first change", () => {
    const store = createStore(spec, (run) => run());
    rehearse(page, store);
    vi.advanceTimersByTime(30);
    store.dispatch({type: "set", name: "target", value: 512});
    const before = ran.length;
    vi.runAllTimers();
    expect([before, ran.length]).toEqual([3, 3]);
  });

  test("a page says itself what is worth it", () => {
    const own: Setting[] = [];
    rehearse({...page, rehearse: (setting) => own.push(setting)}, createStore(spec, (run) => run()));
    vi.runAllTimers();
    expect([own.length, ran.length]).toEqual([16, 0]);
  });
});
