import {casePage} from "../case/case-page.tsx";
import {scenarioOf} from "../model/xen.ts";
import {toolsAt} from "../model/xen-tools.ts";
import {xen} from "./xen-pv-case.ts";
import {prediction} from "./xen-pv-prediction.ts";

export const page = casePage(xen, {id: "xen-pv", prediction, figures: {}, cellEvents: (setting) => scenarioOf(setting).events ?? [], tools: (c) => toolsAt(c.run, c.setting, c.time)});
