import {casePage} from "../case/case-page.tsx";
import {scenarioOf} from "../model/xen-fv.ts";
import {toolsAt} from "../model/xen-tools.ts";
import {xenFv, type Computed} from "./xen-fv-case.ts";
import {map} from "./xen-fv-map.tsx";
import {pod, podLevels, type PodLevels} from "./xen-fv-pod.tsx";
import {prediction} from "./xen-fv-prediction.ts";

const level = (read: (levels: PodLevels) => number) => (c: Computed): number => read(podLevels(c));

export const page = casePage(xenFv, {
  id: "xen-fv",
  prediction,
  figures: {pod, map},
  numbers: {
    mapLessBalloon: level(({map: left}) => left),
    owned: level(({owned}) => owned),
    populated: level(({populated}) => populated),
    promised: level(({map: left, owned}) => left - owned),
    mayWrite: level(({owned, populated}) => owned - populated)
  },
  cellEvents: (setting) => scenarioOf(setting).events ?? [],
  tools: (c) => toolsAt(c.run, c.setting, c.time)
});
