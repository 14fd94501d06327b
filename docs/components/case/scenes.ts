import type {TimelineData} from "../figure/timeline.tsx";
import type {Overlay} from "../model/recorded-run.ts";
import type {Scene} from "../pages/page.ts";
import type {PageEvent} from "../state/events.ts";
import {initialState, type PageSpec, type Setting} from "../state/page-state.ts";
import type {Case, Computed} from "./case.ts";
import type {CaseRun} from "./run.ts";

/**
 * The cases of a page: complete settings, each drawn at build time over the
 * recording it repeats. Only the build reads them, so browsers are not sent the
 * recordings; a link under each figure carries its setting.
 */
export interface SceneSet {
  readonly spec: PageSpec;
  /** A scene and its figure, or null when there is none of that name. */
  readonly find: (name: string) => {readonly scene: Pick<Scene<never>, "setting" | "caption">; readonly data: TimelineData} | null;
  readonly names: readonly string[];
}

export const event = (type: string, at: number, value = 0): PageEvent => ({type, at, value});

/** The page's default parameters with some changed, and other events. */
export const settingOf = (spec: PageSpec, params: Readonly<Record<string, number>>, events: readonly PageEvent[]): Setting => ({params: {...initialState(spec).params, ...params}, events});

/** A scene over a recording's MemTotal and host RAM, or over none. */
export const sceneOf = <R extends CaseRun>(of: Case<R>) => (caption: string, setting: Setting, recorded: Overlay | null): Scene<Computed<R>> => ({
  setting,
  caption,
  timeline: (c) => ({
    ...of.timelineData(c),
    now: null,
    recorded: recorded === null ? [] : [{key: "resident", layer: "backing", points: recorded.resident}, {key: "total", layer: "current", points: recorded.total}]
  })
});

export function sceneSet<R extends CaseRun>(of: Case<R>, scenes: Readonly<Record<string, Scene<Computed<R>>>>): SceneSet {
  return {
    spec: of.model.spec,
    names: Object.keys(scenes),
    find: (name) => {
      const scene = scenes[name];
      return scene === undefined ? null : {scene, data: scene.timeline(of.compute(scene.setting, null))};
    }
  };
}
