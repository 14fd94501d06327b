import {runXl} from "../../../src/control/xl/run.ts";
import {xenMemoryMap} from "../../../src/domain/memory-map/xen-map.ts";
import {isPv, type XenMachine} from "../../../src/domain/xen/machine.ts";
import type {MemoryMap} from "../../../src/domain/memory-map/types.ts";
import type {XlDomain} from "../../../src/control/libxl/types.ts";
import type {XenSnapshot, XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import {kib, seconds} from "../../../src/units.ts";
import {dmesgE820} from "../../../src/views/dmesg.ts";
import {procpsFree} from "../../../src/views/free.ts";
import {meminfoHead} from "../../../src/views/meminfo.ts";
import {countersOf} from "../../../src/views/memory-counters.ts";
import type {View} from "../../../src/views/view.ts";
import {xlDmesg} from "../../../src/views/xen-log.ts";
import {xenMemory} from "../../../src/views/xen-memory.ts";
import {xenstoreMemory} from "../../../src/views/xen-store.ts";
import type {ToolOutput} from "../pages/page.ts";
import {ordered} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import {commandOf} from "./xen-events.ts";

const XEN = "Xen 4.17";

/** What each tool would print of the run at a moment. */
export function toolsAt(run: XenTimeline, setting: Setting, time: number): readonly ToolOutput[] {
  const row = run.stateAt(seconds(time));
  return [configured(run.scenario.machine), ...typed(run, setting, time), ...onHost(run, row, time), ...(row.resident > 0 && !isWaiting(run, time) ? inGuest(run, row) : [])];
}

/** The file that xl create was given: the lines about memory. */
function configured({type, memory, maxmem, videoram, mmioHole}: XenMachine): ToolOutput {
  const hvm = type === "hvm" ? [videoram === 0 ? 'vga="none"' : `vga="stdvga"\nvideoram=${videoram / 1024}`, ...(mmioHole === 0 ? [] : [`mmio_hole=${mmioHole / 1024}`])] : [];
  return {tool: XEN, where: "host", command: "cat guest.cfg", output: ['name="guest"', `type="${type}"`, `memory=${memory / 1024}`, `maxmem=${maxmem / 1024}`, ...hvm].join("\n")};
}

const until = (run: XenTimeline, time: number): XenTimeline["log"] => run.log.filter(({at}) => at <= time + 0.05);

/** The guest's kernel waits for its balloon: there is no shell to type into. */
function isWaiting(run: XenTimeline, time: number): boolean {
  const said = until(run, time).filter(({text}) => text.startsWith("xen:balloon:"));
  return said.length === 1;
}

const shown = (where: "host" | "guest") => (command: string, {version, text}: View): ToolOutput => ({tool: version, where, command, output: text});

/** The domain as xl finds it; none once it is gone. */
function domains({scenario: {machine, name}}: XenTimeline, row: XenSnapshot): readonly XlDomain[] {
  if (row.resident === 0) return [];
  return [{name, id: 1, machine, target: kib(row.target), staticMax: kib(row.staticMax), videoram: machine.videoram, current: kib(row.resident), vcpus: machine.guest.vcpus}];
}

function onHost(run: XenTimeline, row: XenSnapshot, time: number): readonly ToolOutput[] {
  const host = shown("host");
  const list = runXl(domains(run, row), "xl list guest");
  const store = xenstoreMemory({target: row.target, staticMax: row.staticMax, videoram: run.scenario.machine.videoram});
  const said = xlDmesg(until(run, time), 1, 3);
  const console = until(run, time).filter(({source}) => source === "kernel").map(({text}) => text);
  return [
    {tool: XEN, where: "host", command: "xl list guest", output: list.stdout + list.stderr},
    ...(row.resident > 0 ? [host("xenstore-ls /local/domain/1/memory", store)] : []),
    ...(said.text === "" ? [] : [host("xl dmesg", said)]),
    ...(console.length === 0 ? [] : [{tool: "Linux 6.1", where: "host" as const, command: "xl console guest", output: console.join("\n")}])
  ];
}

function inGuest(run: XenTimeline, row: XenSnapshot): readonly ToolOutput[] {
  const guest = shown("guest");
  const {driver, machine} = run.scenario;
  const files = xenMemory({
    target: row.guestTarget, current: row.actual, low: row.balloon, delay: row.scheduleDelay, maxDelay: driver.maxScheduleDelay, retries: row.retryCount, maxRetries: driver.maxRetryCount
  });
  return [
    ...(driver.loaded ? [guest("cd /sys/devices/system/xen_memory/xen_memory0; grep . *_* target info/*", files)] : []),
    guest("free -m", procpsFree(countersOf(row), "m")),
    guest("head -5 /proc/meminfo", meminfoHead(countersOf(row))),
    isPv(machine) ? guest("dmesg | grep 'Xen: '", dmesgE820(mapOf(machine).e820, "Xen")) : guest("dmesg | grep e820", dmesgE820(mapOf(machine).e820))
  ];
}

const maps = new WeakMap<XenMachine, MemoryMap>();

/** The map depends on the machine alone. */
function mapOf(machine: XenMachine): MemoryMap {
  const known = maps.get(machine) ?? xenMemoryMap(machine);
  maps.set(machine, known);
  return known;
}

/** The last command before the moment, and what it answered. */
function typed(run: XenTimeline, {params, events}: Setting, time: number): readonly ToolOutput[] {
  const last = ordered(events).findLast((event) => event.at <= time && commandOf(event, params) !== null);
  const command = last === undefined ? null : commandOf(last, params);
  if (last === undefined || command === null) return [];
  const said = run.log.filter(({at, source}) => source === "command" && Math.abs(at - last.at) < 0.15).map(({text}) => text).filter((text) => text !== command);
  return [{tool: XEN, where: "host", command, output: said.join("\n") || "(no output, exit code 0: the target is written)"}];
}
