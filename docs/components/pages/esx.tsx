import {kib, seconds} from "../../../src/units.ts";
import {casePage} from "../case/case-page.tsx";
import {formatMib} from "../figure/format.ts";
import {END, scenarioOf} from "../model/esx.ts";
import {toolsAt} from "../model/esx-tools.ts";
import {esx, type Computed} from "./esx-case.ts";
import {column} from "./esx-column.tsx";
import {prediction} from "./esx-prediction.ts";
import type {PageDef} from "./page.ts";

const base = casePage(esx, {id: "esx", prediction, figures: {column}, cellEvents: (setting) => scenarioOf(setting).events ?? [], tools: (c) => toolsAt(c.run, c.setting, c.time)});

const at = (name: "balloon" | "resident" | "hostSwapped" | "compressed" | "guestSwapUsed" | "memFree" | "hostFree", t: (c: Computed) => number) => (c: Computed) => {
  const value = c.run.stateAt(seconds(t(c)))[name];
  return {value: Math.round(value), text: formatMib(kib(value))};
};
const now = (c: Computed): number => c.time;

export const page: PageDef<Computed> = {
  ...base,
  numbers: {
    ...base.numbers,
    balloonNow: at("balloon", now),
    heldNow: at("resident", now),
    swappedNow: at("hostSwapped", now),
    guestSwapNow: at("guestSwapUsed", now),
    hostFreeNow: at("hostFree", now),
    heldEnd: at("resident", () => END)
  }
};
