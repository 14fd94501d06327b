import type {Machine} from "../../../src/domain/machine.ts";
import type {XenMachine} from "../../../src/domain/xen/machine.ts";
import {scenarioOf as cgroups} from "../model/cgroups.ts";
import {scenarioOf as qemu} from "../model/qemu.ts";
import {scenarioOf as xenPv} from "../model/xen.ts";
import {scenarioOf as xenFv} from "../model/xen-fv.ts";
import {written} from "../notebook/exports/scenario.ts";
import type {Setting} from "../state/page-state.ts";

interface Kind {
  readonly call: string;
  readonly scenario: (setting: Setting) => {readonly machine: object};
  /** Lines that the figures of the page have. */
  readonly columns: readonly string[];
}

const COMMON = ["configured", "target", "memTotal"];

const kinds: Readonly<Record<string, Kind>> = {
  "qemu-kvm": {call: "simulate", scenario: qemu, columns: [...COMMON, "resident", "hostSwapped"]},
  cgroups: {call: "simulate", scenario: cgroups, columns: [...COMMON, "cgroupCurrent", "cgroupSwap"]},
  "xen-pv": {call: "simulateXen", scenario: xenPv, columns: [...COMMON, "resident", "xenMax"]},
  "xen-fv": {call: "simulateXen", scenario: xenFv, columns: [...COMMON, "resident", "populated"]}
};

/** What one would write for a machine: the parts that pages set, where they are not what they are by default. */
function specOf(machine: Machine | XenMachine): object {
  if (!("guest" in machine)) return {memory: machine.memory, balloon: machine.balloon};
  const {type, memory, maxmem, videoram, mmioHole, parameters: {era}} = machine;
  return {type, memory, maxmem, ...(videoram > 0 ? {videoram} : {}), ...(mmioHole > 0 ? {mmioHole} : {}), ...(era === "today" ? {} : {parameters: era})};
}

/** The call of the model that a scene of a page shows, as a cell that declares nothing; null for a page whose scenes are no single run. */
export function sceneCode(page: string, setting: Setting): string | null {
  const kind = kinds[page];
  if (kind === undefined) return null;
  const {machine, ...rest} = kind.scenario(setting);
  const spec = written({machine: specOf(machine as Machine | XenMachine), ...rest}, "", "", 0);
  return `chart(${kind.call}(${spec}), {columns: ${JSON.stringify(kind.columns).replaceAll(",", ", ")}})`;
}
