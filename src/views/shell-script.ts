import {balloonMessage} from "../control/qemu/qmp.ts";
import {formatXlMemory} from "../domain/formats/xl-cfg.ts";
import type {EventSpec} from "../simulation/events.ts";
import type {EsxEventSpec} from "../simulation/esx/events.ts";
import type {EsxScenarioSpec} from "../simulation/esx/scenario.ts";
import type {ScenarioSpec} from "../simulation/scenario.ts";
import type {XenEventSpec, XenScenarioSpec} from "../simulation/xen/scenario.ts";
import type {KiB} from "../units.ts";

/** Any scenario of the model. */
export type AnyScenario = ScenarioSpec | XenScenarioSpec | EsxScenarioSpec;

/** A line of the script at its time, seconds. */
interface Step {
  readonly at: number;
  readonly lines: readonly string[];
}

type AnyEvent = EventSpec | XenEventSpec | EsxEventSpec;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const inGuest = (command: string): string => `ssh "$GUEST" ${quoted(command)}`;
const wholeMib = (size: KiB): number => Math.ceil(size / 1024);
/** A scenario may come from anywhere: its names are nothing but names in a shell. */
const plain = (name: string): string => name.replace(/[^\w.-]/g, "_");
const fileOf = (name: string | undefined): string => `/tmp/setmem-${plain(name ?? "process")}`;

/** A process that writes to all it has and then waits. */
function allocate(name: string | undefined, size: KiB): string {
  return inGuest(`nohup python3 -c "import time; held = b'x' * (${wholeMib(size)} << 20); time.sleep(10**9)" > /dev/null 2>&1 & echo $! > ${fileOf(name)}.pid`);
}

/** What programs and root do inside a guest, the same under every hypervisor; null for what is no command. */
function guestCommand(event: AnyEvent, module: string): string | null {
  switch (event.type) {
    case "allocate": return allocate(event.name, event.size);
    case "free": return event.size === undefined ? inGuest(`kill $(cat ${event.name === undefined ? "$(ls -t /tmp/setmem-*.pid | head -n 1)" : `${fileOf(event.name)}.pid`})`) : null;
    case "write-tmpfs": return inGuest(`dd if=/dev/zero of=/dev/shm/${plain(event.name ?? "setmem")} bs=1M count=${wholeMib(event.size)}`);
    case "cache": return inGuest(`dd if=/dev/zero of=/var/tmp/setmem bs=1M count=${wholeMib(event.size)} && cat /var/tmp/setmem > /dev/null`);
    case "drop-caches": return inGuest("echo 3 > /proc/sys/vm/drop_caches");
    case "set-overcommit": return inGuest(`sysctl -w vm.overcommit_memory=${event.mode}`);
    case "set-swappiness": return inGuest(`sysctl -w vm.swappiness=${event.value}`);
    case "load-driver": return inGuest(`modprobe ${module}`);
    case "unload-driver": return inGuest(`modprobe -r ${module}`);
    default: return null;
  }
}

/** What the administrator of a QEMU host says: a balloon event goes to QEMU itself, past libvirt. */
function qemuCommand(event: EventSpec): readonly string[] | null {
  switch (event.type) {
    case "setmem": return [`virsh setmem "$DOMAIN" ${event.target} --live`];
    case "balloon": return [`virsh qemu-monitor-command "$DOMAIN" ${quoted(JSON.stringify(balloonMessage(event.target)))}`];
    case "poll-stats": return [`virsh dommemstat "$DOMAIN" --period ${event.interval} --live`];
    case "restart": return [`virsh reset "$DOMAIN"`];
    case "cgroup": return event.max === undefined ? null : [`virsh memtune "$DOMAIN" --hard-limit ${event.max ?? -1} --live`];
    default: return null;
  }
}

function xenCommand(event: XenEventSpec): readonly string[] | null {
  switch (event.type) {
    case "xl": {
      const [, verb, size] = /^\s*xl\s+(mem-set|mem-max)\s+\S+\s+(\w+)\s*$/.exec(event.command) ?? [];
      return size === undefined ? null : [`xl ${verb ?? ""} "$DOMAIN" ${size}`];
    }
    case "setmem": return [`xl mem-set "$DOMAIN" ${event.target}k`];
    case "setmaxmem": return [`xl mem-max "$DOMAIN" ${event.size}k`];
    case "xenstore-target": return [`xenstore-write "/local/domain/$(xl domid "$DOMAIN")/memory/target" ${event.target}`];
    case "guest-target": return [inGuest(`echo ${event.target} > /sys/devices/system/xen_memory/xen_memory0/target_kb`)];
    default: return null;
  }
}

/** libvirt's ESX driver writes the limit where others set a target. */
function esxCommand(event: EsxEventSpec): readonly string[] | null {
  const target = event.type === "setmem" ? event.target : event.type === "set-limit" ? event.limit : null;
  return target === null ? null : [`virsh -c "$HOST" setmem ${quoted(event.vm ?? "vm")} ${target}`];
}

const shown = (event: AnyEvent): string => JSON.stringify(event);

/** Events in the order of time; one that no command does stands as a remark, so that nothing is left out in silence. */
function steps<E extends AnyEvent>(events: readonly E[], command: (event: E) => readonly string[] | null, module: string): Step[] {
  const lines = (event: E): readonly string[] => {
    const own = command(event);
    if (own !== null) return own;
    const inside = guestCommand(event, module);
    return inside === null ? [`# no command does this: ${shown(event)}`] : [inside];
  };
  return [...events].sort((a, b) => a.at - b.at).map((event) => ({at: event.at, lines: lines(event)}));
}

/** The lines of each step after the time from the one before. */
function timed(list: readonly Step[]): string[] {
  let now = 0;
  return list.flatMap(({at, lines}) => {
    const wait = Math.round((at - now) * 1000) / 1000;
    now = at;
    return wait > 0 ? [`sleep ${wait}`, ...lines] : [...lines];
  });
}

const HEAD = ["#!/bin/sh", "# Written by setmem from a scenario. Read it before you run it: it changes the memory of a running machine.", "set -e"];
const GUEST = ': "${GUEST:=root@guest}" # where the guest is reached with ssh';

function qemuScript({machine, currentMemory, driver, events = []}: ScenarioSpec): string[] {
  const loads = driver?.loadsAt ?? 0;
  const size = currentMemory ?? machine.memory;
  return [
    ...HEAD, ': "${DOMAIN:=guest}"', GUEST,
    `virsh setmaxmem "$DOMAIN" ${machine.memory} --config`, `virsh setmem "$DOMAIN" ${size} --config`, 'virsh start "$DOMAIN"',
    `# times count from here: the guest has booted${driver?.loadsAt === null ? "; its driver is not loaded" : ""}`,
    ...timed(steps<EventSpec>([...(loads > 0 ? [{at: loads, type: "load-driver"} as EventSpec] : []), ...events], qemuCommand, "virtio_balloon"))
  ];
}

function xenScript({machine, name = "guest", events = []}: XenScenarioSpec): string[] {
  const {memory, maxmem} = formatXlMemory({total: machine.maxmem ?? machine.memory, current: machine.memory});
  const config = machine.type === "dom0" ? [`# dom0 itself: dom0_mem=${memory}M,max:${maxmem}M on Xen's command line`] : [
    `# in "$CONFIG": type = "${machine.type}"`, `xl create "$CONFIG" memory=${memory} maxmem=${maxmem}`
  ];
  return [...HEAD, `: "\${DOMAIN:=${machine.type === "dom0" ? "Domain-0" : plain(name)}}"`, ': "${CONFIG:=guest.cfg}"', GUEST, ...config, "# times count from here: the guest's driver has started", ...timed(steps<XenEventSpec>(events, xenCommand, "xen_balloon"))];
}

function esxScript({vms, events = []}: EsxScenarioSpec): string[] {
  const sizes = vms.map(({name, memory, limit}) => `# ${plain(name)}: memsize = "${wholeMib(memory)}"${limit === undefined || limit === null ? "" : `, sched.mem.max = "${wholeMib(limit)}"`}`);
  return [...HEAD, ': "${HOST:=esx://root@host/}"', GUEST, ...sizes, ...vms.map(({name}) => `virsh -c "$HOST" start ${quoted(name)}`), "# times count from here: the guests have booted", ...timed(steps<EsxEventSpec>(events, esxCommand, "vmw_balloon"))];
}

/**
 * A scenario as a shell script of commands an administrator would type: virsh, QMP by
 * way of virsh, xl, and what runs in the guest over ssh. What no command does is a
 * remark in it. Sizes are written in each tool's unit, times as waits between commands.
 * Sources: libvirt 9.0.0 virsh(1), Xen 4.17 xl(1), QEMU 7.2 QMP `balloon`; the parts of
 * src/control read the lines back in tests.
 */
export function shellScript(scenario: AnyScenario): string {
  const lines = "vms" in scenario ? esxScript(scenario) : "type" in scenario.machine ? xenScript(scenario as XenScenarioSpec) : qemuScript(scenario as ScenarioSpec);
  return `${lines.join("\n")}\n`;
}
