import {runVirsh} from "../../../src/control/virsh/run.ts";
import type {DomainState} from "../../../src/control/types.ts";
import {defineDomain} from "../../../src/domain/libvirt/resolve.ts";
import {start} from "../../../src/control/libvirt/lifecycle.ts";
import {RECORDED_VERSION} from "../../../src/domain/libvirt/version.ts";
import type {MemoryMap} from "../../../src/domain/memory-map/types.ts";
import {bootGuest} from "../../../src/guest/boot/boot.ts";
import type {Snapshot, Timeline} from "../../../src/simulation/timeline.ts";
import {kib, seconds} from "../../../src/units.ts";
import {dmesgE820} from "../../../src/views/dmesg.ts";
import {procpsFree} from "../../../src/views/free.ts";
import {countersOf} from "../../../src/views/memory-counters.ts";
import {meminfoHead} from "../../../src/views/meminfo.ts";
import {queryBalloon} from "../../../src/views/query-balloon.ts";
import type {View} from "../../../src/views/view.ts";
import {dominfo, dommemstat, dumpxmlMemory} from "../../../src/views/virsh.ts";
import type {ToolOutput} from "../pages/page.ts";
import {ordered, type PageEvent} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";

/** When the recordings were made; the model has no clock of its own. */
const EPOCH = 1795389493;

/** What each tool would print of the run at a moment. */
export function toolsAt(run: Timeline, setting: Setting, time: number): readonly ToolOutput[] {
  const row = run.stateAt(seconds(time));
  const domain = domainAt(row, setting, time);
  return [
    ...typed(domain, setting, time),
    host("virsh dominfo guest", dominfo(domain)),
    host("virsh dommemstat guest", dommemstat(domain)),
    host("virsh dumpxml guest | grep -i memory", dumpxmlMemory(domain)),
    host("{\"execute\": \"query-balloon\"}", queryBalloon({balloon: setting.params.device === 0 ? null : {path: "/machine/peripheral/balloon0", actual: kib(row.actual), pollingInterval: seconds(1), stats: {lastUpdate: 0}}})),
    guest("free -m", procpsFree(countersOf(row), "m")),
    guest("head -5 /proc/meminfo", meminfoHead(countersOf(row))),
    guest("dmesg | grep e820", dmesgE820(mapOf(run).e820))
  ];
}

const host = (command: string, {version, text}: View): ToolOutput => ({tool: version, where: "host", command, output: text});
const guest = (command: string, {version, text}: View): ToolOutput => ({tool: version, where: "guest", command, output: text});

let map: {readonly memory: number; readonly map: MemoryMap} | null = null;

/** The map depends on the machine alone: it is made again only for another machine. */
function mapOf({scenario: {machine}}: Timeline): MemoryMap {
  if (map?.memory !== machine.memory) map = {memory: machine.memory, map: bootGuest(machine).map};
  return map.map;
}

/** The domain as libvirt has it while the run stands at `time`, with statistics polled every second. */
function domainAt(row: Snapshot, {params, events}: Setting, time: number): DomainState {
  const balloon = params.device === 0 ? {model: "none"} : {model: "virtio", period: "1"};
  const def = defineDomain({name: "guest", type: "kvm", memory: {text: String(row.configured), unit: "KiB"}, balloons: [balloon]}, "qemu");
  const stored: DomainState = {driver: "qemu", def, next: null, id: null, persistent: true, running: null, connection: {session: false, readOnly: false, cgroupMemory: true}};
  const {state} = start(stored, 1);
  if (state === null) return stored;
  const stats = driverLoaded(events, time)
    ? {available: kib(row.memTotal), unused: kib(row.memFree), usable: kib(row.memAvailable), diskCaches: kib(row.cached), swapIn: kib(0), swapOut: kib(0), lastUpdate: Math.floor(EPOCH + time)}
    : {lastUpdate: 0};
  return {...state, def: {...state.def, current: kib(row.actual)}, running: {rss: kib(row.processRss), stats}};
}

function driverLoaded(events: readonly PageEvent[], time: number): boolean {
  const last = ordered(events).findLast(({type, at}) => at <= time && ["load-driver", "unload-driver", "restart"].includes(type));
  return last?.type === "load-driver";
}

/** The last `setmem` before the moment, as one would type it, and libvirt's answer to it. */
function typed(domain: DomainState, {params, events}: Setting, time: number): readonly ToolOutput[] {
  const {target = 0, configured = 0} = params;
  const asked: Readonly<Record<string, (value: number) => number>> = {target: () => target, half: () => target / 2, "all-back": () => configured, setmem: (value) => value};
  const last = ordered(events).findLast(({type, at}) => at <= time && type in asked);
  const size = last === undefined ? undefined : asked[last.type]?.(last.value);
  if (size === undefined) return [];
  const command = `setmem guest ${Math.floor(size * 1024)}`;
  const answer = runVirsh({driver: "qemu", version: RECORDED_VERSION, connection: domain.connection, domains: [domain], files: {}, nextId: 2}, command);
  return [{tool: `libvirt ${RECORDED_VERSION.join(".")}`, where: "host", command: `virsh ${command}`, output: answer.stdout + answer.stderr || "(no output: the target is stored)"}];
}
