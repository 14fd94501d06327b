import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {getInfo, getMaxMemory, getMemoryParameters, getMemoryStats, setMaxMemory, setMemory, setMemoryFlags, setMemoryParameters, setMemoryStatsPeriod} from "../../../src/control/libvirt/api.ts";
import {start, stop} from "../../../src/control/libvirt/lifecycle.ts";
import {runVirsh} from "../../../src/control/virsh/run.ts";
import type {CommandResult} from "../../../src/control/virsh/host.ts";
import {Flags, type CallResult, type DomainState} from "../../../src/control/types.ts";
import {noLimits, UNLIMITED} from "../../../src/domain/libvirt/domain-def.ts";
import {kib} from "../../../src/units.ts";
import {cases} from "../../cases.ts";
import {connection, hostOf, running, shutOff} from "../fixture.ts";

const GIB = 1048576;
const esx = {driver: "esx"} as const;
const off = (def: Parameters<typeof shutOff>[0] = {}, more: Partial<DomainState> = {}): DomainState => shutOff({current: kib(GIB), ...def}, {...esx, ...more});
const on = (def: Parameters<typeof shutOff>[0] = {}, more: Partial<DomainState> = {}): DomainState => running({current: kib(GIB), ...def}, {...esx, next: null, ...more});
const reserving = (reservation: number): {limits: typeof noLimits} => ({limits: {...noLimits, minGuarantee: kib(reservation)}});

function after(result: CallResult): unknown {
  if (!result.ok) return [result.error.code, result.error.message];
  const {state, effects} = result.value;
  return {def: [state?.def.total, state?.def.current, state?.def.limits.minGuarantee], allocation: state?.allocation, effects};
}
const stateAfter = (result: CallResult): DomainState => (result.ok ? (result.value.state ?? expect.unreachable()) : expect.unreachable(result.error.message));
const info = (state: DomainState): unknown => {
  const read = getInfo(state);
  return read.ok && read.value.result;
};
const internal = (text: string): readonly string[] => ["VIR_ERR_INTERNAL_ERROR", `internal error: ${text}`];
const NOT_READ = "(the host's reason: not read)";

describe("SetMaxMemory", () => {
  test("up to whole 4 MB, of a machine that is off", () => {
    expect(after(setMaxMemory(off(), 1048577n))).toEqual({def: [1028 * 1024, 1028 * 1024, 0], allocation: {limit: UNLIMITED, reservation: 0}, effects: []});
    expect(after(setMaxMemory(off(), 1n))).toMatchObject({def: [4096, 4096, 0]});
    expect(after(setMaxMemory(off(), 4096n))).toMatchObject({def: [4096, 4096, 0]});
    expect(after(setMaxMemory(off(), 4097n))).toMatchObject({def: [8192, 8192, 0]});
  });
  test("a limit stays and a reservation is reduced with it", () => {
    expect(after(setMaxMemory(off({current: kib(GIB / 2), ...reserving(GIB / 4)}), 131072n))).toEqual({def: [131072, 131072, 131072], allocation: {limit: GIB / 2, reservation: 131072}, effects: []});
    expect(after(setMaxMemory(off({current: kib(GIB / 2)}), 2097152n))).toMatchObject({def: [2097152, GIB / 2, 0], allocation: {limit: GIB / 2}});
  });
  test("not while it runs, and not if the host refuses", () => {
    expect(after(setMaxMemory(on(), 2097152n))).toEqual(["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: Domain is not powered off"]);
    expect(after(setMaxMemory(off({}, {hostRefuses: "no room"}), 2097153n))).toEqual(internal("Could not set max-memory to 2097153 kilobytes: no room"));
  });
});

describe("SetMemory", () => {
  test("is a limit in whole MB, running or not; the size stays", () => {
    expect(after(setMemory(on(), 524289n))).toEqual({def: [GIB, 513 * 1024, 0], allocation: {limit: 513 * 1024, reservation: 0}, effects: [{kind: "allocation", limit: 513 * 1024}]});
    expect(after(setMemory(off(), 1n))).toEqual({def: [GIB, 1024, 0], allocation: {limit: 1024, reservation: 0}, effects: []});
  });
  test("is not held against the size: a limit above it shows in dominfo, and not in the XML", () => {
    const state = stateAfter(setMemory(off(), 1048577n));
    expect([state.def.current, state.allocation, info(state)]).toEqual([GIB, {limit: 1025 * 1024, reservation: 0}, {maxMem: GIB, memory: 1025 * 1024}]);
    expect(info(stateAfter(setMaxMemory(state, 2097152n)))).toEqual({maxMem: 2097152, memory: 1025 * 1024});
  });
  test("is not below the reservation, which the host refuses", () => {
    expect(after(setMemory(on(reserving(GIB / 2)), 524288n))).toMatchObject({def: [GIB, GIB / 2, GIB / 2]});
    expect(after(setMemory(on(reserving(GIB / 2)), 523264n))).toEqual(internal(`Could not set memory to 523264 kilobytes: ${NOT_READ}`));
    expect(after(setMemory(on(reserving(GIB / 2), {hostRefuses: "A reason"}), 523264n))).toEqual(internal("Could not set memory to 523264 kilobytes: A reason"));
  });
  test("the public checks come first", () => {
    expect(after(setMemory(on(), 0n))).toEqual(["VIR_ERR_INVALID_ARG", "memory in virDomainSetMemory must not be zero"]);
    expect(after(setMaxMemory(on({}, {connection: {...connection, readOnly: true}}), 0n))).toEqual(["VIR_ERR_OPERATION_DENIED", "operation forbidden: read only access prevents virDomainSetMaxMemory"]);
  });
});

test("there is no call with flags, no statistics and no period", () => {
  const none = (call: string): readonly string[] => ["VIR_ERR_NO_SUPPORT", `this function is not supported by the connection driver: ${call}`];
  for (const state of [on(), off()]) {
    for (const flags of [0, Flags.LIVE, Flags.CONFIG, Flags.MAXIMUM, 64]) expect(after(setMemoryFlags(state, 5n, flags))).toEqual(none("virDomainSetMemoryFlags"));
    const stats = getMemoryStats(state);
    expect(stats.ok ? [] : [stats.error.code, stats.error.message]).toEqual(none("virDomainMemoryStats"));
    expect(after(setMemoryStatsPeriod(state, 5, 0))).toEqual(none("virDomainSetMemoryStatsPeriod"));
  }
  expect(after(setMemoryFlags(off(), 0n, 0))).toEqual(["VIR_ERR_INVALID_ARG", "memory in virDomainSetMemoryFlags must not be zero"]);
});

describe("parameters", () => {
  const read = (state: DomainState, flags = 0): unknown => {
    const result = getMemoryParameters(state, flags);
    return result.ok ? result.value.result : result.error.message;
  };
  test("min_guarantee is the reservation, up to whole MB, running or not", () => {
    expect(after(setMemoryParameters(on(), {min_guarantee: kib(262145)}, 0))).toEqual({def: [GIB, GIB, 257 * 1024], allocation: {limit: UNLIMITED, reservation: 257 * 1024}, effects: [{kind: "allocation", reservation: 257 * 1024}]});
    expect(read(stateAfter(setMemoryParameters(off(), {min_guarantee: kib(262145)}, 0)))).toEqual({min_guarantee: 257 * 1024});
    expect(read(off())).toEqual({min_guarantee: 0});
    expect(after(setMemoryParameters(on(reserving(GIB / 2)), {}, 0))).toMatchObject({allocation: {reservation: GIB / 2}, effects: [{kind: "allocation"}]});
  });
  test("not above the limit or the size", () => {
    const refused = internal(`Could not change memory parameters: ${NOT_READ}`);
    expect(after(setMemoryParameters(on(), {min_guarantee: kib(GIB)}, 0))).toMatchObject({def: [GIB, GIB, GIB]});
    expect(after(setMemoryParameters(on(), {min_guarantee: kib(GIB + 1)}, 0))).toEqual(refused);
    expect(after(setMemoryParameters(on({current: kib(GIB / 2)}), {min_guarantee: kib(GIB / 2 + 1)}, 0))).toEqual(refused);
    expect(after(setMemoryParameters(on(), {min_guarantee: UNLIMITED}, 0))).toEqual(refused);
  });
  test("no other name, the first in alphabetical order is complained of; flags must be 0", () => {
    const unknown = (name: string): readonly string[] => ["VIR_ERR_ARGUMENT_UNSUPPORTED", `argument unsupported: parameter '${name}' not supported`];
    expect(after(setMemoryParameters(on(), {swap_hard_limit: kib(1), soft_limit: kib(1), min_guarantee: kib(1)}, 0))).toEqual(unknown("soft_limit"));
    expect(after(setMemoryParameters(on(), {swap_hard_limit: kib(1), hard_limit: kib(1)}, 0))).toEqual(unknown("hard_limit"));
    expect(after(setMemoryParameters(on(), {hard_limit: kib(1)}, Flags.LIVE))).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x1) in function esxDomainSetMemoryParameters"]);
    expect(read(on(), Flags.CONFIG)).toBe("unsupported flags (0x2) in function esxDomainGetMemoryParameters");
    expect(read(on(), Flags.CONFIG | Flags.LIVE)).toBe("Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive");
  });
});

test("size and memory: without a limit the memory is the size", () => {
  expect(info(off())).toEqual({maxMem: GIB, memory: GIB});
  expect(info(on({current: kib(GIB / 2)}))).toEqual({maxMem: GIB, memory: GIB / 2});
  expect(getMaxMemory(on())).toMatchObject({ok: true, value: {result: GIB}});
});

test("a start gives the size and tells the host its limits; the one configuration survives a stop", () => {
  const {state, effects} = start(off({current: kib(GIB / 2), ...reserving(1024)}), 4);
  expect(effects).toEqual([
    {kind: "start", memory: GIB, target: GIB, statsPeriod: 0},
    {kind: "allocation", limit: GIB / 2, reservation: 1024}
  ]);
  expect([state?.id, state?.next]).toEqual([4, null]);
  const limited = stateAfter(setMemory(state ?? expect.unreachable(), 2048n));
  expect(stop(limited).state).toMatchObject({id: null, def: {total: GIB, current: 2048}, allocation: {limit: 2048, reservation: 1024}});
});

describe("virsh", () => {
  const version = [4, 10, 0] as const;
  const shell = (state: DomainState, line: string): CommandResult => runVirsh({...hostOf(state), version}, `virsh ${line}`);
  test("4.10 makes the old calls where no option is given, 9.0.0 the one that this driver has not", () => {
    expect(shell(on(), "setmem t1 512M")).toMatchObject({exitCode: 0, effects: [{domain: "t1", effect: {kind: "allocation", limit: GIB / 2}}]});
    expect(shell(off(), "setmaxmem t1 2G").host.domains[0]?.def.total).toBe(2097152);
    expect(shell(on(), "setmaxmem t1 2G").stderr).toBe("error: Unable to change MaxMemorySize\nerror: Requested operation is not valid: Domain is not powered off");
    const refused = "error: this function is not supported by the connection driver: virDomainSetMemoryFlags";
    expect(shell(on(), "setmem t1 512M --live").stderr).toBe(refused);
    expect(runVirsh(hostOf(on()), "setmem t1 512M").stderr).toBe(refused);
  });
  test("memtune knows one parameter", () => {
    expect(shell(on(reserving(GIB / 4)), "memtune t1")).toMatchObject({exitCode: 0, stdout: `min_guarantee  : ${GIB / 4}`});
    expect(shell(on(), "memtune t1 --min-guarantee 256M")).toMatchObject({exitCode: 0, effects: [{domain: "t1", effect: {kind: "allocation", reservation: GIB / 4}}]});
    expect(shell(on(), "memtune t1 --live").stderr).toBe("error: Unable to get number of memory parameters\nerror: unsupported flags (0x1) in function esxDomainGetMemoryParameters");
  });
  test("dominfo, dommemstat", () => {
    expect(shell(on({current: kib(GIB / 2)}), "dominfo t1").stdout).toMatch(/Max memory: +1048576 KiB\nUsed memory: +524288 KiB/);
    expect(shell(on(), "dommemstat t1").stderr).toBe("error: Failed to get memory statistics for domain t1\nerror: this function is not supported by the connection driver: virDomainMemoryStats");
  });
  test.each(["define f", "domstats --balloon", "domxml-to-native vmware-vmx --domain t1", "domxml-from-native vmware-vmx f"])("%s was not read", (line) => {
    expect(() => shell(off(), line)).toThrow(/on esx$/);
  });
});

test("whatever is called: whole MB, reservation <= limit, reservation <= size, size moves only while off", () => {
  const call = fc.oneof(
    fc.record({what: fc.constantFrom("size", "limit"), size: fc.integer({min: 1, max: 2 * GIB})}),
    fc.record({what: fc.constant("reservation"), size: fc.integer({min: 0, max: GIB})}),
    fc.constant({what: "power", size: 0})
  );
  const seen = {refused: 0, done: 0, running: 0};
  const numRuns = cases(10_000);
  fc.assert(
    fc.property(fc.array(call, {maxLength: 8}), (calls) => {
      let state = off();
      for (const {what, size} of calls) {
        if (what === "power") {
          state = (state.id === null ? start(state, 1) : stop(state)).state ?? expect.unreachable();
          continue;
        }
        const result = what === "size" ? setMaxMemory(state, BigInt(size)) : what === "limit" ? setMemory(state, BigInt(size)) : setMemoryParameters(state, {min_guarantee: kib(size)}, 0);
        if (!result.ok) {
          seen.refused++;
          continue;
        }
        seen.done++;
        const next = result.value.state ?? expect.unreachable();
        const {limit, reservation} = next.allocation ?? expect.unreachable();
        expect([next.def.total % 4096, limit === UNLIMITED ? 0 : limit % 1024, reservation % 1024]).toEqual([0, 0, 0]);
        expect(reservation <= limit && reservation <= next.def.total).toBe(true);
        expect(next.def.current).toBe(Math.min(limit, next.def.total));
        if (state.id !== null) {
          seen.running++;
          expect([next.def.total, result.value.effects.length]).toEqual([state.def.total, 1]);
        }
        state = next;
      }
    }),
    {numRuns}
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(numRuns / 50);
});
