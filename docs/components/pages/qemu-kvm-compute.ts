import type {Timeline as Run} from "../../../src/simulation/timeline.ts";
import {events, params, run} from "../model/qemu.ts";
import {initialState, isSameSetting, type PageSpec, type Setting} from "../state/page-state.ts";

export const spec: PageSpec = {params, events};

export interface Computed {
  readonly setting: Setting;
  readonly run: Run;
  /** The pinned setting's run, to compare with. */
  readonly pinned: Run | null;
  readonly time: number;
  /** True while the setting, apart from the moment looked at, is the recorded one. */
  readonly matchesRecording: boolean;
}

/** The last run of each setting: scrubbing through time does not run the model again. */
const cache = new Map<string, Run>();

function cachedRun(setting: Setting): Run {
  const key = JSON.stringify([{...setting.params, time: 0}, setting.events]);
  const found = cache.get(key);
  if (found !== undefined) return found;
  if (cache.size > 8) cache.clear();
  const made = run(setting);
  cache.set(key, made);
  return made;
}

const atTime = (setting: Setting, time: number): Setting => ({...setting, params: {...setting.params, time}});

export function compute(setting: Setting, pin: Setting | null): Computed {
  const {time = 0} = setting.params;
  return {
    setting,
    run: cachedRun(setting),
    pinned: pin === null ? null : cachedRun(pin),
    time,
    matchesRecording: isSameSetting(atTime(setting, 0), atTime(initialState(spec), 0))
  };
}
