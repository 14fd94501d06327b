import {describe, expect, test} from "vitest";
import {attachMemoryDevice} from "../../../src/control/libvirt/api.ts";
import {start, stop} from "../../../src/control/libvirt/lifecycle.ts";
import {Flags, type CallResult, type DomainState} from "../../../src/control/types.ts";
import type {MemoryDevice} from "../../../src/domain/libvirt/domain-def.ts";
import {kib} from "../../../src/units.ts";
import {definition, errorOf} from "../../domain/libvirt/fixture.ts";
import {connection, running, shutOff} from "../fixture.ts";

const none = {...definition().balloon, model: "none"} as const;

describe("start", () => {
  test("all of memory, aligned; the target is sent, and current is the whole until a driver answers", () => {
    const stored = definition({total: kib(65537), current: kib(32001), balloon: {...definition().balloon, period: 5}});
    const {state, effects} = start(shutOff(stored), 7);
    expect(effects).toEqual([{kind: "start", memory: 66560, target: 32001, statsPeriod: 5}]);
    expect(state).toMatchObject({id: 7, def: {total: 66560, current: 66560}, next: stored, running: {rss: null, stats: {lastUpdate: 0}}});
  });
  test("without a balloon the target is the whole", () => {
    expect(start(shutOff({balloon: none}), 1).effects).toEqual([{kind: "start", memory: 1048576, target: 1048576, statsPeriod: 0}]);
  });
  test("the mock driver changes nothing; libxl starts with the target", () => {
    expect(start(shutOff({total: kib(65537)}, {driver: "test"}), 3)).toEqual({
      state: shutOff({total: kib(65537)}, {driver: "test", id: 3, next: definition({total: kib(65537)}), running: {rss: null, stats: {lastUpdate: 0}}}),
      effects: []
    });
    expect(start(shutOff({}, {driver: "xen"}), 3)).toMatchObject({state: {def: {current: 524288}}, effects: [{kind: "start", memory: 1048576, target: 524288, statsPeriod: 0}]});
  });
  test("not one that runs, and not one too large", () => {
    expect(errorOf(() => start(running(), 1))[1]).toBe("Requested operation is not valid: domain is already running");
    expect(errorOf(() => start(shutOff({total: kib(9007199254740991)}), 1))[1]).toBe("unsupported configuration: initial memory size overflowed after alignment");
  });
});

describe("stop", () => {
  test("what was stored is what is left; a transient domain is gone", () => {
    const next = definition({current: kib(5)});
    expect(stop(running({}, {next}))).toEqual({state: shutOff(next), effects: [{kind: "stop"}]});
    expect(stop(running({}, {next: null, persistent: false}))).toEqual({state: null, effects: [{kind: "stop"}]});
    expect(stop(running({}, {next: null})).state).toMatchObject({def: definition(), id: null});
    expect(errorOf(() => stop(shutOff()))[1]).toBe("Requested operation is not valid: domain is not running");
  });
});

describe("plugging memory", () => {
  const {LIVE, CONFIG} = Flags;
  const room = {max: kib(2097152), slots: 2, cells: [kib(1048576)]};
  const dimm = (size: number, more: Partial<MemoryDevice> = {}): MemoryDevice => ({model: "dimm", size: kib(size), node: 0, block: kib(0), requested: kib(0), ...more});
  const attach = (state: DomainState, device: MemoryDevice, flags: number): unknown => {
    const result: CallResult = attachMemoryDevice(state, device, flags);
    if (!result.ok) return result.error.message;
    const {state: after, effects} = result.value;
    return {def: [after?.def.total, after?.def.current, after?.def.devices.length], next: after?.next && [after.next.total, after.next.current, after.next.devices.length], effects};
  };

  test("live it is aligned to 1 MiB; stored it is not, and current memory grows with it", () => {
    expect(attach(running(room), dimm(1025), LIVE)).toEqual({def: [1050624, 524288, 1], next: [1048576, 524288, 0], effects: [{kind: "attach-memory", size: 2048}]});
    expect(attach(running(room, {next: definition(room)}), dimm(1025), CONFIG)).toEqual({def: [1048576, 524288, 0], next: [1049601, 525313, 1], effects: []});
    expect(attach(running(room, {next: definition(room)}), dimm(1024), LIVE | CONFIG)).toEqual({
      def: [1049600, 524288, 1],
      next: [1049600, 525312, 1],
      effects: [{kind: "attach-memory", size: 1024}]
    });
    expect(attach(shutOff(room), dimm(1048576), 0)).toEqual({def: [2097152, 1572864, 1], next: null, effects: []});
  });
  test.each<readonly [string, DomainState, MemoryDevice, number, string]>([
    ["no room at all", running(), dimm(1024, {node: null}), LIVE, "unsupported configuration: cannot use/hotplug a memory device when domain 'maxMemory' is not defined"],
    ["too large", running(room), dimm(1048577), LIVE, "unsupported configuration: Attaching memory device with size '1048577' would exceed domain's maxMemory config size '2097152'"],
    ["too large, stored", shutOff(room), dimm(1048577), CONFIG, "unsupported configuration: Attaching memory device with size '1048577' would exceed domain's maxMemory config size '2097152'"],
    ["no slot, live", running({...room, devices: [dimm(1024), dimm(1024)]}), dimm(1024), LIVE, "unsupported configuration: memory device count '3' exceeds slots count '2'"],
    ["no slot, stored", shutOff({...room, devices: [dimm(1024), dimm(1024)]}), dimm(1024), CONFIG, "unsupported configuration: no free memory device slot available"],
    ["no node, live", running(room), dimm(1024, {node: null}), LIVE, "unsupported configuration: target NUMA node needs to be specified for memory device"],
    ["a wrong node", running(room), dimm(1024, {node: 5}), LIVE, "can't add memory backend for guest node '5' as the guest has only '1' NUMA nodes configured"],
    ["not running", shutOff(room), dimm(1024), LIVE, "Requested operation is not valid: domain is not running"],
    ["read-only", running(room, {connection: {...connection, readOnly: true}}), dimm(1024), LIVE, "operation forbidden: read only access prevents virDomainAttachDeviceFlags"],
    ["the mock driver", running(room, {driver: "test"}), dimm(1024), LIVE, "this function is not supported by the connection driver: virDomainAttachDeviceFlags"],
    ["unknown flags", running(room), dimm(1024), 8, "unsupported flags (0x8) in function qemuDomainAttachDeviceLiveAndConfig"]
  ])("%s", (_, state, device, flags, message) => {
    expect(attach(state, device, flags)).toBe(message);
  });
});
