import {runVirsh} from "../../../src/control/virsh/run.ts";
import {start} from "../../../src/control/libvirt/lifecycle.ts";
import {memtuneWrites} from "../../../src/control/libvirt/memtune-cgroup.ts";
import {UNLIMITED} from "../../../src/domain/libvirt/domain-def.ts";
import {defineDomain} from "../../../src/domain/libvirt/resolve.ts";
import {RECORDED_VERSION} from "../../../src/domain/libvirt/version.ts";
import type {DomainState} from "../../../src/control/types.ts";
import {kib, kibToBytes, seconds} from "../../../src/units.ts";
import {procpsFree} from "../../../src/views/free.ts";
import {countersOf} from "../../../src/views/memory-counters.ts";
import type {ToolOutput} from "../pages/page.ts";
import type {Setting} from "../state/page-state.ts";
import type {CgroupRun} from "./cgroups.ts";

const LINUX = "Linux 6.1";
const LIBVIRT = `libvirt ${RECORDED_VERSION.join(".")}`;

/** A running domain, as libvirt has it when it may use cgroups. */
function domain(configured: number): DomainState {
  const def = defineDomain({name: "guest", type: "kvm", memory: {text: String(configured), unit: "KiB"}, balloons: [{model: "virtio"}]}, "qemu");
  const stored: DomainState = {driver: "qemu", def, next: null, id: null, persistent: true, running: null, connection: {session: false, readOnly: false, cgroupMemory: true}};
  return start(stored, 1).state ?? stored;
}

/** What one types to set the cap, and what libvirt writes for it. */
function typed({params}: Setting, configured: number): readonly ToolOutput[] {
  const {cap = 500, kind = 0} = params;
  if (kind === 2) return [];
  const limit = kib(cap * 1024);
  const option = kind === 1 ? "soft-limit" : "hard-limit";
  const command = `memtune guest --${option} ${limit}`;
  const state = domain(configured);
  const answer = runVirsh({driver: "qemu", version: RECORDED_VERSION, connection: state.connection, domains: [state], files: {}, nextId: 2}, command);
  const writes = memtuneWrites(kind === 1 ? {soft: limit} : {hard: limit}, 2, UNLIMITED).map(({name, text}) => `${name}: ${text}`);
  const property = kind === 1 ? "MemoryHigh" : "MemoryMax";
  // systemd writes a dash of a name as \x2d, and a shell takes backslashes away unless they are quoted.
  const scope = "'machine-qemu\\x2d1\\x2dguest.scope'";
  return [
    {tool: LIBVIRT, where: "host", command: `virsh ${command}`, output: answer.stdout + answer.stderr || `(no output; on cgroup v2 it writes ${writes.join(", ")})`},
    {tool: "systemd", where: "host", command: `systemctl set-property --runtime ${scope} ${property}=${cap}M`, output: "(no output)"}
  ];
}

const file = (name: string, output: string): ToolOutput => ({tool: LINUX, where: "host", command: `cat ${name}`, output});

/** QEMU's number in the recorded run that ends so. */
const PID = 111;

/** What the host's kernel says of the end, without the numbers of its report that are not modelled. */
const killed = (): ToolOutput => ({
  tool: LINUX,
  where: "host",
  command: "dmesg | grep -o 'qemu.* invoked oom-killer\\|Memory cgroup .*)'",
  output: `qemu-system-x86 invoked oom-killer\nMemory cgroup out of memory: Killed process ${PID} (qemu-system-x86)`
});

/** What the cgroup's files and the guest say of the run at a moment. */
export function toolsAt(run: CgroupRun, setting: Setting, time: number): readonly ToolOutput[] {
  const row = run.stateAt(seconds(time));
  const gone = run.killedAt !== null && time >= run.killedAt;
  const kernel = run.log.filter(({at, text}) => at <= time && text.startsWith("Memory cgroup out of memory"));
  const bytes = (size: number): string => String(kibToBytes(kib(size)));
  return [
    ...typed(setting, row.configured),
    file("memory.current", bytes(gone ? 0 : row.cgroupCurrent)),
    file("memory.swap.current", bytes(gone ? 0 : row.cgroupSwap)),
    file("memory.events | grep oom_kill", `oom_kill ${kernel.length}\noom_group_kill 0`),
    ...(gone ? [killed()] : []),
    gone
      ? {tool: LIBVIRT, where: "host", command: "virsh domstate guest", output: "shut off"}
      : {tool: procpsFree(countersOf(row), "m").version, where: "guest", command: "free -m", output: procpsFree(countersOf(row), "m").text}
  ];
}
