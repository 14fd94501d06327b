import {effectiveProtection} from "../../../src/host/linux/cgroup/protection.ts";
import {kib} from "../../../src/units.ts";
import {casePage} from "../case/case-page.tsx";
import {highest} from "../case/run.ts";
import {formatMib} from "../figure/format.ts";
import {scenarioOf} from "../model/cgroups.ts";
import {toolsAt} from "../model/cgroups-tools.ts";
import {cgroups, type Computed} from "./cgroups-case.ts";
import {column} from "./cgroups-column.tsx";
import {prediction} from "./cgroups-prediction.ts";
import type {PageDef} from "./page.ts";

const base = casePage(cgroups, {
  id: "cgroups",
  prediction,
  figures: {column},
  cellEvents: (setting) => scenarioOf(setting).events ?? [],
  tools: (c) => toolsAt(c.run, c.setting, c.time)
});

const size = (value: number): {value: number; text: string} => ({value: Math.round(value), text: formatMib(kib(value))});

export const page: PageDef<Computed> = {
  ...base,
  numbers: {
    ...base.numbers,
    chargedAtBoot: (c) => size(c.run.columns.cgroupCurrent[0] ?? 0),
    chargedPeak: (c) => size(highest(c.run, "resident")),
    // The example of the page: 500 MiB of 700 asked for, below a slice of 400.
    protectedShare: () => size(kib(effectiveProtection({usage: 600 * 1024, setting: 500 * 1024}, {effective: 400 * 1024, usage: 1000 * 1024}, 700 * 1024))),
    written: (c) => ({value: prediction.truth(c), text: `${prediction.truth(c)} MiB`})
  }
};
