import {execFileSync} from "node:child_process";
import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {executeQmp} from "../../src/control/qemu/qmp.ts";
import {runVirsh} from "../../src/control/virsh/run.ts";
import {runXl} from "../../src/control/xl/run.ts";
import {resolveXenMachine} from "../../src/domain/xen/machine.ts";
import type {EventSpec} from "../../src/simulation/events.ts";
import type {EsxEventSpec} from "../../src/simulation/esx/events.ts";
import type {XenEventSpec} from "../../src/simulation/xen/scenario.ts";
import {kib, seconds} from "../../src/units.ts";
import {shellScript} from "../../src/views/shell-script.ts";
import {hostOf, running, shutOff} from "../control/fixture.ts";

const memory = kib(2097152);
const target = kib(1048576);
const of = (events: readonly EventSpec[]): string[] => shellScript({machine: {memory}, events, duration: seconds(30)}).split("\n");
const xen = (events: readonly XenEventSpec[]): string[] => shellScript({machine: {type: "pv", memory: target, maxmem: memory}, events, duration: seconds(30)}).split("\n");
const esx = (events: readonly EsxEventSpec[], limit: typeof target | null = null): string[] => shellScript({host: {ram: memory}, vms: [{name: "vm", memory, limit}], events, duration: seconds(30)}).split("\n");
const at = seconds(2);
const command = (line: string): string => line.replaceAll('"$DOMAIN"', "guest");

describe("a scenario on QEMU", () => {
  test("every kind of event, exactly", () => {
    const lines = of([
      {at: seconds(5.5), type: "setmem", target},
      {at: seconds(5.5), type: "balloon", target},
      {at, type: "allocate", name: "a b", size: kib(1025)},
      {at: seconds(6), type: "free", name: "a b"},
      {at: seconds(6), type: "free"},
      {at: seconds(7), type: "free", size: kib(4)},
      {at: seconds(7), type: "write-tmpfs", size: kib(2048)},
      {at: seconds(7), type: "cache", size: kib(2048)},
      {at: seconds(7), type: "drop-caches"},
      {at: seconds(7), type: "set-overcommit", mode: 2},
      {at: seconds(7), type: "set-swappiness", value: 10},
      {at: seconds(7), type: "load-driver"},
      {at: seconds(7), type: "unload-driver"},
      {at: seconds(7), type: "poll-stats", interval: seconds(10)},
      {at: seconds(7), type: "restart"},
      {at: seconds(7), type: "cgroup", max: target},
      {at: seconds(7), type: "cgroup", max: null},
      {at: seconds(7), type: "cgroup", high: target},
      {at: seconds(7), type: "host-pressure", size: target}
    ]);
    expect(lines.slice(5)).toEqual([
      'virsh setmaxmem "$DOMAIN" 2097152 --config',
      'virsh setmem "$DOMAIN" 2097152 --config',
      'virsh start "$DOMAIN"',
      "# times count from here: the guest has booted",
      "sleep 2",
      `ssh "$GUEST" 'nohup python3 -c "import time; held = b'\\''x'\\'' * (2 << 20); time.sleep(10**9)" > /dev/null 2>&1 & echo $! > /tmp/setmem-a_b.pid'`,
      "sleep 3.5",
      'virsh setmem "$DOMAIN" 1048576 --live',
      `virsh qemu-monitor-command "$DOMAIN" '{"execute":"balloon","arguments":{"value":1073741824}}'`,
      "sleep 0.5",
      `ssh "$GUEST" 'kill $(cat /tmp/setmem-a_b.pid)'`,
      `ssh "$GUEST" 'kill $(cat $(ls -t /tmp/setmem-*.pid | head -n 1))'`,
      "sleep 1",
      '# no command does this: {"at":7,"type":"free","size":4}',
      `ssh "$GUEST" 'dd if=/dev/zero of=/dev/shm/setmem bs=1M count=2'`,
      `ssh "$GUEST" 'dd if=/dev/zero of=/var/tmp/setmem bs=1M count=2 && cat /var/tmp/setmem > /dev/null'`,
      `ssh "$GUEST" 'echo 3 > /proc/sys/vm/drop_caches'`,
      `ssh "$GUEST" 'sysctl -w vm.overcommit_memory=2'`,
      `ssh "$GUEST" 'sysctl -w vm.swappiness=10'`,
      `ssh "$GUEST" 'modprobe virtio_balloon'`,
      `ssh "$GUEST" 'modprobe -r virtio_balloon'`,
      'virsh dommemstat "$DOMAIN" --period 10 --live',
      'virsh reset "$DOMAIN"',
      'virsh memtune "$DOMAIN" --hard-limit 1048576 --live',
      'virsh memtune "$DOMAIN" --hard-limit -1 --live',
      `# no command does this: {"at":7,"type":"cgroup","high":1048576}`,
      `# no command does this: {"at":7,"type":"host-pressure","size":1048576}`,
      ""
    ]);
  });
  test("its start: the current memory, and a driver that loads later or never", () => {
    const start = (driver: {readonly loadsAt: number | null}): string => shellScript({machine: {memory}, currentMemory: target, driver, duration: seconds(1)});
    expect(start({loadsAt: 3})).toContain(`virsh setmem "$DOMAIN" 1048576 --config\nvirsh start "$DOMAIN"\n# times count from here: the guest has booted\nsleep 3\nssh "$GUEST" 'modprobe virtio_balloon'\n`);
    expect(start({loadsAt: null})).toMatch(/its driver is not loaded\n$/);
  });
  test("our own virsh takes every line that it knows, and QMP its message", () => {
    const off = hostOf(shutOff({name: "guest", total: memory, current: memory}));
    const on = hostOf(running({name: "guest", total: memory, current: memory}));
    const lines = of([{at, type: "setmem", target}, {at, type: "balloon", target}, {at, type: "poll-stats", interval: seconds(5)}]);
    for (const line of lines.filter((one) => /^virsh (setmem|setmaxmem|dommemstat)/.test(one))) {
      const {exitCode, stderr} = runVirsh(line.includes("--live") ? on : off, command(line));
      expect([line, exitCode, stderr]).toEqual([line, 0, ""]);
    }
    const message: unknown = JSON.parse(lines.find((line) => line.includes("monitor"))?.replace(/^[^']*'|'$/g, "") ?? "");
    expect(executeQmp({balloon: {path: "/machine/peripheral/balloon0", actual: memory, pollingInterval: seconds(0), stats: {lastUpdate: 0}}}, message).effects).toEqual([{kind: "balloon", target}]);
  });
});

describe("a scenario on Xen", () => {
  test("the domain, and every kind of event of its own", () => {
    const lines = xen([
      {at, type: "xl", command: "xl  mem-set guest 1024"},
      {at, type: "xl", command: "xl mem-set guest 1024; reboot"},
      {at, type: "setmem", target},
      {at, type: "setmaxmem", size: target},
      {at, type: "xenstore-target", target},
      {at, type: "guest-target", target},
      {at, type: "unload-driver"},
      {at, type: "touch-all"}
    ]);
    expect(lines.slice(3)).toEqual([
      ': "${DOMAIN:=guest}"', ': "${CONFIG:=guest.cfg}"', ': "${GUEST:=root@guest}" # where the guest is reached with ssh',
      '# in "$CONFIG": type = "pv"', 'xl create "$CONFIG" memory=1024 maxmem=2048', "# times count from here: the guest's driver has started",
      "sleep 2",
      'xl mem-set "$DOMAIN" 1024',
      '# no command does this: {"at":2,"type":"xl","command":"xl mem-set guest 1024; reboot"}',
      'xl mem-set "$DOMAIN" 1048576k',
      'xl mem-max "$DOMAIN" 1048576k',
      'xenstore-write "/local/domain/$(xl domid "$DOMAIN")/memory/target" 1048576',
      `ssh "$GUEST" 'echo 1048576 > /sys/devices/system/xen_memory/xen_memory0/target_kb'`,
      `ssh "$GUEST" 'modprobe -r xen_balloon'`,
      '# no command does this: {"at":2,"type":"touch-all"}',
      ""
    ]);
    const domain = {name: "guest", id: 1, machine: resolveXenMachine({type: "pv", memory, maxmem: memory}), target, staticMax: memory, videoram: kib(0), current: target, vcpus: 1};
    for (const line of lines.filter((one) => one.startsWith("xl mem"))) expect(runXl([domain], command(line))).toMatchObject({exitCode: 0});
  });
  test("a domain without headroom, one of another name, and dom0", () => {
    expect(shellScript({machine: {type: "pvh", memory: target}, name: "web", duration: seconds(1)})).toMatch(/DOMAIN:=web.*memory=1024 maxmem=1024\n/s);
    expect(shellScript({machine: {type: "dom0", memory: target, maxmem: memory, hostMachine: {memory}}, duration: seconds(1)})).toMatch(/DOMAIN:=Domain-0.*dom0_mem=1024M,max:2048M/s);
  });
});

describe("a scenario on ESX", () => {
  test("a target is a limit; what libvirt cannot say is a remark", () => {
    const lines = esx([{at, type: "setmem", target}, {at, vm: "it's", type: "set-limit", limit: target}, {at, type: "set-limit", limit: null}, {at, type: "load-driver"}], target);
    expect(lines.slice(3)).toEqual([
      ': "${HOST:=esx://root@host/}"', ': "${GUEST:=root@guest}" # where the guest is reached with ssh',
      '# vm: memsize = "2048", sched.mem.max = "1024"', `virsh -c "$HOST" start 'vm'`, "# times count from here: the guests have booted",
      "sleep 2", `virsh -c "$HOST" setmem 'vm' 1048576`, `virsh -c "$HOST" setmem 'it'\\''s' 1048576`,
      '# no command does this: {"at":2,"type":"set-limit","limit":null}', `ssh "$GUEST" 'modprobe vmw_balloon'`, ""
    ]);
    expect(esx([])[5]).toBe('# vm: memsize = "2048"');
  });
});

test("whatever it is made from, a shell can read it, and its waits add up", () => {
  const name = fc.option(fc.string({maxLength: 12}), {nil: undefined});
  const event = fc.oneof(
    fc.record({at: fc.integer({min: 0, max: 600}), type: fc.constant("allocate"), name, size: fc.integer({min: 1, max: 2 ** 22})}),
    fc.record({at: fc.integer({min: 0, max: 600}), type: fc.constantFrom("free", "setmem", "balloon", "restart", "touch"), target: fc.integer({min: 1024, max: 2 ** 21})})
  );
  const seen = {quotes: 0, waits: 0};
  fc.assert(fc.property(fc.array(event, {maxLength: 6}), (events) => {
    const script = shellScript({machine: {memory}, events: events as unknown as EventSpec[], duration: seconds(1000)});
    if (events.some((one) => "name" in one && one.name?.includes("'"))) seen.quotes++;
    const waits = Array.from(script.matchAll(/^sleep (\S+)$/gm), ([, wait]) => Number(wait));
    if (waits.length > 1) seen.waits++;
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(Math.max(0, ...events.map((one) => one.at)), 6);
    execFileSync("sh", ["-n"], {input: script});
  }), {numRuns: 60});
  expect(seen.waits).toBeGreaterThan(5);
});
