import {describe, expect, test} from "vitest";
import {Flags, type DomainState} from "../../src/control/types.ts";
import {noLimits, UNLIMITED} from "../../src/domain/libvirt/domain-def.ts";
import {cgroupUsage, usedSwap} from "../../src/host/linux/accounts.ts";
import type {HostState} from "../../src/host/linux/state.ts";
import {startContainer, type ContainerSpec} from "../../src/simulation/container.ts";
import {setDomainLimits, type MemtuneChange} from "../../src/simulation/memtune.ts";
import {kib} from "../../src/units.ts";
import {connection, running, shutOff} from "../control/fixture.ts";

const tuned = {connection: {...connection, cgroupMemory: true}};
const qemu = (more: Partial<DomainState> = {}): DomainState => running({}, {...tuned, ...more});
/** A cgroup whose process holds 600,000 KiB, without limits unless they are given. */
const cgroup = (version: 1 | 2, more: Partial<ContainerSpec> = {}): HostState => startContainer({version, used: kib(600_000), hardLimit: kib(Infinity), swap: kib(400_000), ...more});
const told = ({writes}: MemtuneChange): string[] => writes.map(({name, text, answer}) => `${name}=${text}: ${answer}`);
const error = ({call}: MemtuneChange): unknown => (call.ok ? null : [call.error.code, call.error.message]);
const GIB = kib(1_048_576);

describe("a live memtune writes into the domain's cgroup", () => {
  test("soft first; a hard limit that falls before the swap limit, version 1", () => {
    const host = cgroup(1);
    const change = setDomainLimits(qemu(), host, {hard_limit: kib(800_000), soft_limit: kib(700_000), swap_hard_limit: GIB}, Flags.LIVE);
    expect(told(change)).toEqual(["memory.soft_limit_in_bytes=716800000: ok", "memory.limit_in_bytes=819200000: ok", "memory.memsw.limit_in_bytes=1073741824: ok"]);
    expect([host.cgroup.soft, host.cgroup.max, host.cgroup.memswMax]).toEqual([175_000, 200_000, 262_144]);
    expect(change.domain?.def.limits).toEqual({...noLimits, hard: 800_000, soft: 700_000, swapHard: GIB});
  });

  test("the same numbers on version 2: a throttle, which reclaims, and swap alone", () => {
    const host = cgroup(2);
    const change = setDomainLimits(qemu(), host, {hard_limit: kib(800_000), soft_limit: kib(500_000), swap_hard_limit: GIB}, Flags.LIVE);
    expect(told(change)).toEqual(["memory.high=512000000: ok", "memory.max=819200000: ok", "memory.swap.max=1073741824: ok"]);
    expect([host.cgroup.high, host.cgroup.swapMax, cgroupUsage(host), usedSwap(host)]).toEqual([125_000, 262_144, 125_000, 25_000]);
    expect(told(setDomainLimits(qemu(), host, {hard_limit: UNLIMITED}, Flags.LIVE))).toEqual(["memory.max=max: ok"]);
    expect(host.cgroup.max).toBe(Infinity);
  });

  test("version 1, busy: the error names the file, the old limit stays, and so does what was written before", () => {
    const host = cgroup(1, {swap: kib(0)});
    const change = setDomainLimits(qemu(), host, {hard_limit: kib(300_000), soft_limit: kib(200_000)}, Flags.LIVE);
    expect(error(change)).toEqual(["VIR_ERR_SYSTEM_ERROR", "Unable to write to '/sys/fs/cgroup/memory/machine.slice/machine-qemu\\x2d1\\x2dt1.scope/memory.limit_in_bytes': Device or resource busy"]);
    expect([host.cgroup.max, host.cgroup.soft, change.domain?.def.limits]).toEqual([Infinity, 50_000, {...noLimits, soft: 200_000}]);
  });

  test("version 1, invalid: a swap limit below the one that SetMemory has left in the container's cgroup", () => {
    const host = cgroup(1, {hardLimit: kib(900_000)});
    const domain = running({limits: {...noLimits, hard: kib(650_000)}}, {...tuned, driver: "lxc"});
    const change = setDomainLimits(domain, host, {swap_hard_limit: kib(700_000)}, Flags.LIVE | Flags.CONFIG);
    expect(error(change)).toEqual(["VIR_ERR_SYSTEM_ERROR", "Invalid value '716800000' for 'memory.memsw.limit_in_bytes': Invalid argument"]);
    expect([host.cgroup.memswMax, change.domain]).toEqual([Infinity, domain]);
  });

  test("version 2: the machine is killed, the call succeeds, and the domain is shut off", () => {
    const host = cgroup(2, {swap: kib(0)});
    const change = setDomainLimits(qemu(), host, {hard_limit: kib(300_000), swap_hard_limit: GIB}, Flags.LIVE);
    expect([told(change), change.call.ok]).toEqual([["memory.max=307200000: kill", "memory.swap.max=1073741824: ok"], true]);
    expect([cgroupUsage(host), host.cgroup.events.oomKill, change.domain?.id]).toEqual([0, 1, null]);
    const transient = setDomainLimits(qemu({persistent: false, next: null}), cgroup(2, {swap: kib(0)}), {hard_limit: kib(300_000)}, Flags.LIVE);
    expect(transient.domain).toBeNull();
  });

  test("a container outlives its program, and reports what is left", () => {
    const lxc = qemu({driver: "lxc"});
    const host = cgroup(2, {swap: kib(0), hardLimit: GIB});
    const change = setDomainLimits(lxc, host, {hard_limit: kib(300_000)}, Flags.LIVE);
    expect([cgroupUsage(host), change.domain?.id, change.domain?.running]).toMatchObject([0, 1, {rss: 0, hardLimit: 300_000}]);
    const busy = setDomainLimits(lxc, cgroup(1, {swap: kib(0), hardLimit: GIB}), {hard_limit: kib(300_000)}, Flags.LIVE);
    expect(error(busy)).toEqual(["VIR_ERR_SYSTEM_ERROR", expect.stringContaining("machine-lxc\\x2d1\\x2dt1.scope/memory.limit_in_bytes': Device or resource busy")]);
    expect(setDomainLimits(lxc, cgroup(2, {hardLimit: GIB}), {hard_limit: kib(500_000)}, Flags.LIVE).domain?.running).toMatchObject({rss: 500_000, hardLimit: 500_000});
  });
});

describe("nothing is written", () => {
  test("where libvirt refuses: above the swap limit, too large for any file, without the controller", () => {
    const host = cgroup(2);
    const refused = (domain: DomainState, hard: number, swap: number): unknown => {
      const change = setDomainLimits(domain, host, {hard_limit: kib(hard), swap_hard_limit: kib(swap)}, Flags.LIVE);
      expect([change.writes, change.domain]).toEqual([[], domain]);
      return error(change);
    };
    expect(refused(qemu(), 5, 4)).toEqual(["VIR_ERR_INVALID_ARG", "invalid argument: memory hard_limit tunable value must be lower than or equal to swap_hard_limit"]);
    expect(refused(qemu(), 2 ** 60, 2 ** 60)).toEqual(["VIR_ERR_INVALID_ARG", "invalid argument: Memory '1152921504606846976' must be less than 9007199254740991"]);
    expect(refused(qemu({connection}), 4, 5)).toEqual(["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: cgroup memory controller is not mounted"]);
    expect(host.cgroup.max).toBe(Infinity);
  });

  test("for stored limits; one that is too large is stored as none", () => {
    const host = cgroup(1);
    const off = setDomainLimits(shutOff({}, tuned), host, {hard_limit: kib(2 ** 60), swap_hard_limit: kib(2 ** 60)}, Flags.CONFIG);
    expect([off.writes, off.domain?.def.limits, host.cgroup.max]).toEqual([[], noLimits, Infinity]);
    expect(setDomainLimits(qemu(), host, {hard_limit: kib(5)}, Flags.CONFIG).domain?.next?.limits.hard).toBe(5);
  });

  test("other drivers have no cgroup for it", () => {
    expect(() => setDomainLimits(qemu({driver: "esx"}), cgroup(2), {}, Flags.LIVE)).toThrow(expect.objectContaining({code: "wrong-driver", path: "driver"}) as Error);
  });
});
