import {afterEach, beforeEach, describe, expect, test, vi} from "vitest";
import {rehearsals, rehearse} from "../../../../docs/components/browser/rehearse.ts";
import type {PageDef} from "../../../../docs/components/pages/page.ts";
import {initialState, type PageSpec, type Setting} from "../../../../docs/components/state/page-state.ts";
import {isNumber, type NumberParam} from "../../../../docs/components/state/params.ts";
import {createStore} from "../../../../docs/components/state/store.ts";

const slider = (name: string, min: number, max: number): NumberParam => ({name, label: name, layer: null, unit: "MiB", min, max, step: 4, initial: min, ticks: [], help: ""});
const spec: PageSpec = {params: [slider("target", 0, 1024), {name: "driver", label: "driver", layer: null, initial: 1, help: "", options: [{value: 0, label: "none"}, {value: 1, label: "loaded"}]}, slider("load", 64, 128)]};
const sliders = spec.params.filter(isNumber);

describe("the settings of a rehearsal", () => {
  const start = initialState(spec);
  const all = rehearsals(start, sliders);
  const targets = Array.from({length: 16}, (_, i) => 32 + 64 * i);
  test("move every slider at once, each over all its range, on its grid and in an order of its own", () => {
    expect(all.map(({params}) => params.target)).toEqual(targets);
    const loads = all.map(({params}) => params.load ?? 0);
    expect(loads.slice(0, 4)).toEqual([68, 80, 92, 104]);
    expect([Math.min(...loads), Math.max(...loads)]).toEqual([68, 128]);
    expect(loads.every((load) => load % 4 === 0)).toBe(true);
    expect(new Set(all.map(({params}) => `${params.target} ${params.load}`)).size).toBe(16);
  });
  test("leave choices as they are", () => {
    for (const {params} of all) expect(params.driver).toBe(1);
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

  test("pauses while the reader changes something, and goes on where it was", () => {
    const store = createStore(spec, (run) => run());
    rehearse(page, store);
    vi.advanceTimersByTime(30);
    for (let move = 0; move < 60; move++) {
      store.dispatch({type: "set", name: "target", value: 4 * move + 4});
      vi.advanceTimersByTime(16);
    }
    expect(ran.length).toBe(3);
    vi.runAllTimers();
    expect(ran).toEqual(rehearsals(initialState(spec), sliders));
  });

  test("a page says itself what is worth it", () => {
    const own: Setting[] = [];
    rehearse({...page, rehearse: (setting) => own.push(setting)}, createStore(spec, (run) => run()));
    vi.runAllTimers();
    expect([own.length, ran.length]).toEqual([16, 0]);
  });
});
