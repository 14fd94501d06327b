import {at} from "../../../src/domain/column.ts";
import {minFree} from "../../../src/host/esx/states.ts";
import {memoryStates} from "../../../src/host/esx/versions.ts";
import {kib, kibToMib, seconds} from "../../../src/units.ts";
import {esxtopHost, esxtopMachine, memoryPerformance, vmmemctlDebug} from "../../../src/views/esxtop.ts";
import {procpsFree} from "../../../src/views/free.ts";
import {countersOf} from "../../../src/views/memory-counters.ts";
import type {View} from "../../../src/views/view.ts";
import type {ToolOutput} from "../pages/page.ts";
import {ordered} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import {commandOf, type EsxRun} from "./esx.ts";

const on = (where: "host" | "guest", command: string, {version, text}: View): ToolOutput => ({tool: version, where, command, output: text});

/** The last setmem before the moment: libvirt says nothing more than that it worked. */
function typed({params, events}: Setting, time: number): readonly ToolOutput[] {
  const last = ordered(events).findLast((event) => event.at <= time && commandOf(event, params) !== null);
  const command = last === undefined ? null : commandOf(last, params);
  return command === null ? [] : [{tool: "libvirt's esx driver", where: "host", command, output: "(no output: the machine's limit is written)"}];
}

/** Whether the guest's driver is loaded at a moment: without it there is no file of its. */
function driverAt({params, events}: Setting, time: number): boolean {
  const last = ordered(events).findLast(({at: when, type}) => when <= time && (type === "load-driver" || type === "unload-driver"));
  return last === undefined ? params["driver"] === 1 : last.type === "load-driver";
}

function hostLines({timeline}: EsxRun, row: number): View {
  const {host, ram} = {host: timeline.host, ram: kibToMib(timeline.scenario.host.ram)};
  const value = (name: keyof typeof host): number => at(host[name], row) / 1024;
  const reserved = value("overhead");
  return esxtopHost({
    total: ram, vmkernel: value("kernel") + value("overhead"), other: value("consumed") + value("cache"), free: value("free"), managed: ram, minFree: minFree(ram, timeline.scenario.host.rules.minFree),
    reserved, unreserved: ram - reserved, state: memoryStates[at(host.state, row)] ?? "high", shared: 0, common: 0, saving: 0
  });
}

/** What each tool would print of the run at a moment. */
export function toolsAt(run: EsxRun, setting: Setting, time: number): readonly ToolOutput[] {
  const s = run.stateAt(seconds(time));
  const [vm] = run.timeline.scenario.vms;
  const row = Math.min(run.times.length - 1, Math.floor(time / run.timeline.scenario.step + 1e-9));
  const machine = {...s, name: "vm"};
  return [
    ...typed(setting, time),
    on("host", "esxtop, then m", hostLines(run, row)),
    on("host", "esxtop, then m: the machine's columns", esxtopMachine(machine)),
    on("host", "performance counters of the API", memoryPerformance(machine)),
    on("guest", "free -m", procpsFree(countersOf(s, {swapTotal: vm?.guest.swap ?? kib(0)}), "m")),
    ...(driverAt(setting, time) ? [on("guest", "head -2 /sys/kernel/debug/vmmemctl", vmmemctlDebug(s.balloonTarget / 4, s.balloon / 4))] : [])
  ];
}
