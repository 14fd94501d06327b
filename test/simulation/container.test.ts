import {describe, expect, test} from "vitest";
import {Flags, type CallResult, type DomainState} from "../../src/control/types.ts";
import {cgroupUsage, usedSwap} from "../../src/host/linux/accounts.ts";
import type {HostState} from "../../src/host/linux/state.ts";
import {setContainerMemory, startContainer, type ContainerSpec} from "../../src/simulation/container.ts";
import {kib} from "../../src/units.ts";
import {connection, running, shutOff} from "../control/fixture.ts";

const lxc = {driver: "lxc", connection: {...connection, cgroupMemory: true}} as const;
/** A container whose programs hold 600,000 KiB, in a cgroup of 1 GiB. */
const cgroup = (version: 1 | 2, swap: number, more: Partial<ContainerSpec> = {}): HostState => startContainer({version, used: kib(600_000), hardLimit: kib(1_048_576), swap: kib(swap), ...more});
const on = (more: Partial<DomainState> = {}): DomainState => running({}, {...lxc, ...more});
const failed = ["VIR_ERR_OPERATION_FAILED", "operation failed: Failed to set memory for domain"];
const said = (call: CallResult): unknown => (call.ok ? call.value.state?.running : [call.error.code, call.error.message]);

describe("SetMemory on a running container", () => {
  test.each([1, 2] as const)("is the cgroup's limit; nobody in the container is asked, version %i", (version) => {
    const host = cgroup(version, 0);
    const {call, answer} = setContainerMemory(on(), host, 700_000n, Flags.LIVE);
    expect([answer, host.cgroup.max, cgroupUsage(host)]).toEqual(["ok", 175_000, 150_000]);
    expect(said(call)).toMatchObject({hardLimit: 700_000, rss: 600_000});
  });

  test.each([1, 2] as const)("with swap the kernel makes room, version %i", (version) => {
    const host = cgroup(version, 400_000);
    const {call, answer} = setContainerMemory(on(), host, 400_000n, Flags.LIVE);
    expect([answer, host.cgroup.max, cgroupUsage(host), usedSwap(host)]).toEqual(["ok", 100_000, 100_000, 50_000]);
    expect(said(call)).toMatchObject({hardLimit: 400_000, rss: 400_000});
  });

  test("version 1: what cannot be reclaimed is busy; the old limit stays and the call fails", () => {
    const host = cgroup(1, 0);
    const domain = on();
    const {call, answer} = setContainerMemory(domain, host, 400_000n, Flags.LIVE | Flags.CONFIG);
    expect([answer, host.cgroup.max, cgroupUsage(host), said(call)]).toEqual(["busy", 262_144, 150_000, failed]);
    expect(setContainerMemory(domain, host, 700_000n, Flags.LIVE).answer).toBe("ok");
  });

  test("version 1: above the limit of memory and swap together it is invalid", () => {
    const host = cgroup(1, 0, {hardLimit: kib(640_000), swapHardLimit: kib(680_000)});
    const {call, answer} = setContainerMemory(on(), host, 700_000n, Flags.LIVE);
    expect([answer, host.cgroup.max, said(call)]).toEqual(["invalid", 160_000, failed]);
  });

  test("version 2: the limit holds at once, the OOM killer has the rest, and the call succeeds", () => {
    const host = cgroup(2, 0);
    const {call, answer} = setContainerMemory(on(), host, 400_000n, Flags.LIVE);
    expect([answer, host.cgroup.max, host.cgroup.events.max, host.cgroup.events.oomKill]).toEqual(["kill", 100_000, 1, 1]);
    expect([cgroupUsage(host), usedSwap(host)]).toEqual([0, 0]);
    expect(said(call)).toMatchObject({hardLimit: 400_000, rss: 0});
  });

  test("an odd size is cut down to whole pages, as the kernel keeps it", () => {
    const host = cgroup(2, 0);
    setContainerMemory(on(), host, 700_003n, Flags.LIVE);
    expect(host.cgroup.max).toBe(175_000);
  });
});

test("a container has no swap and no limit on it unless it is said", () => {
  const host = startContainer({version: 1, used: kib(8), hardLimit: kib(18)});
  expect([host.usedBacked, host.cgroup.max, host.cgroup.memswMax, host.swap, host.cgroup.version]).toEqual([2, 4, Infinity, 0, 1]);
});

describe("nothing is written", () => {
  const untouched = (domain: DomainState, size: bigint, flags: number): CallResult => {
    const host = cgroup(1, 0);
    const {call, answer} = setContainerMemory(domain, host, size, flags);
    expect([answer, host.cgroup.max]).toEqual([null, 262_144]);
    return call;
  };

  test("for the stored size, on or off", () => {
    expect(untouched(on(), 400_000n, Flags.CONFIG)).toMatchObject({ok: true, value: {effects: []}});
    expect(untouched(shutOff({}, lxc), 400_000n, Flags.CURRENT)).toMatchObject({ok: true, value: {state: {def: {current: 400_000}}}});
  });

  test("where libvirt itself refuses: above <memory>, the maximum, without the controller", () => {
    expect(said(untouched(on(), 1_048_577n, Flags.LIVE))).toEqual(["VIR_ERR_INVALID_ARG", "invalid argument: Cannot set memory higher than max memory"]);
    expect(said(untouched(on(), 700_000n, Flags.LIVE | Flags.MAXIMUM))).toEqual(["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: Cannot resize the max memory on an active domain"]);
    expect(said(untouched(on({connection}), 700_000n, Flags.LIVE))).toEqual(failed);
  });

  test("other drivers have no cgroup for it", () => {
    expect(() => setContainerMemory(running(), cgroup(2, 0), 1n, Flags.LIVE)).toThrow(expect.objectContaining({code: "wrong-driver", path: "driver"}) as Error);
  });
});
