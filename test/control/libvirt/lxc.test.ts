import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {getInfo, getMaxMemory, getMemoryParameters, getMemoryStats, setMaxMemory, setMemory, setMemoryFlags, setMemoryParameters, setMemoryStatsPeriod} from "../../../src/control/libvirt/api.ts";
import {start, stop} from "../../../src/control/libvirt/lifecycle.ts";
import {withHardLimit} from "../../../src/control/libvirt/lxc.ts";
import {runVirsh} from "../../../src/control/virsh/run.ts";
import {Flags, type CallResult, type DomainState} from "../../../src/control/types.ts";
import {noLimits, UNLIMITED, type MemoryLimits} from "../../../src/domain/libvirt/domain-def.ts";
import {kib, seconds} from "../../../src/units.ts";
import {definition} from "../../domain/libvirt/fixture.ts";
import {cases} from "../../cases.ts";
import {connection, hostOf, running, shutOff} from "../fixture.ts";

const {LIVE, CONFIG, CURRENT, MAXIMUM} = Flags;
const BOTH = LIVE | CONFIG;
const lxc = {driver: "lxc", connection: {...connection, cgroupMemory: true}} as const;
const off = (def: Parameters<typeof shutOff>[0] = {}, more: Partial<DomainState> = {}): DomainState => shutOff(def, {...lxc, ...more});
const on = (def: Parameters<typeof shutOff>[0] = {}, more: Partial<DomainState> = {}): DomainState => running(def, {...lxc, ...more});
const limits = (more: Partial<MemoryLimits>): MemoryLimits => ({...noLimits, ...more});

function after(result: CallResult): unknown {
  if (!result.ok) return [result.error.code, result.error.message];
  const {state, effects} = result.value;
  const sizes = (def: DomainState["next"] | undefined): unknown => def && [def.total, def.current];
  return {def: sizes(state?.def), next: sizes(state?.next), hard: state?.running?.hardLimit, effects};
}
const G = [1048576, 524288];
const tooHigh = ["VIR_ERR_INVALID_ARG", "invalid argument: Cannot set memory higher than max memory"];
const noResize = ["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: Cannot resize the max memory on an active domain"];
const notRunning = ["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: domain is not running"];
const failed = ["VIR_ERR_OPERATION_FAILED", "operation failed: Failed to set memory for domain"];
const hard = (size: number): unknown => [{kind: "limits", hard: size}];

describe("memory", () => {
  test("of a running container is its cgroup's hard limit, at once", () => {
    expect(after(setMemory(on(), 614400n))).toEqual({def: [1048576, 614400], next: G, hard: 614400, effects: hard(614400)});
    expect(after(setMemoryFlags(on(), 614400n, CURRENT))).toEqual({def: [1048576, 614400], next: G, hard: 614400, effects: hard(614400)});
    expect(after(setMemoryFlags(on(), 614400n, BOTH))).toEqual({def: [1048576, 614400], next: [1048576, 614400], hard: 614400, effects: hard(614400)});
    expect(after(setMemoryFlags(on(), 614400n, CONFIG))).toEqual({def: G, next: [1048576, 614400], hard: undefined, effects: []});
  });
  test("of one that is off is only written down", () => {
    expect(after(setMemoryFlags(off(), 1n, CURRENT))).toEqual({def: [1048576, 1], next: null, hard: undefined, effects: []});
    expect(after(setMemory(off(), 1n))).toEqual(notRunning);
    expect(after(setMemoryFlags(off(), 1n, LIVE))).toEqual(notRunning);
  });
  test("up to memory and no further, of both definitions the smaller; the words have a capital", () => {
    expect(after(setMemory(on(), 1048576n))).toMatchObject({def: [1048576, 1048576]});
    expect(after(setMemory(on(), 1048577n))).toEqual(tooHigh);
    expect(after(setMemoryFlags(off(), 1048577n, CONFIG))).toEqual(tooHigh);
    const more = on({}, {next: definition({total: kib(2097152)})});
    expect(after(setMemoryFlags(more, 2097152n, CONFIG))).toMatchObject({next: [2097152, 2097152]});
    expect(after(setMemoryFlags(more, 2097152n, BOTH))).toEqual(tooHigh);
    expect(after(setMemoryFlags(on({}, {next: definition({total: kib(600000)})}), 700000n, BOTH))).toEqual(tooHigh);
  });
  test("what the cgroup refuses fails, and nothing is stored; the stored size alone does not ask it", () => {
    expect(after(setMemoryFlags(on({}, {hostRefuses: "EBUSY"}), 614400n, BOTH))).toEqual(failed);
    expect(after(setMemory(on({}, {connection}), 614400n))).toEqual(failed);
    expect(after(setMemory(on({}, {hostRefuses: "EBUSY"}), 1048577n))).toEqual(tooHigh);
    expect(after(setMemoryFlags(on({}, {hostRefuses: "EBUSY", connection}), 614400n, CONFIG))).toMatchObject({next: [1048576, 614400]});
  });
  test("unknown flags name the function; a transient container has nothing stored", () => {
    expect(after(setMemoryFlags(off(), 1n, 8))).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x8) in function lxcDomainSetMemoryFlags"]);
    expect(after(setMemoryFlags(on({}, {persistent: false, next: null}), 1n, CONFIG))).toEqual(["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: transient domains do not have any persistent config"]);
  });
});

describe("the maximum", () => {
  test("of a container that is off, or of the stored one", () => {
    expect(after(setMaxMemory(off(), 2097152n))).toEqual({def: [2097152, 524288], next: null, hard: undefined, effects: []});
    expect(after(setMaxMemory(off(), 1n))).toMatchObject({def: [1, 1]});
    expect(after(setMemoryFlags(on(), 262144n, MAXIMUM | CONFIG))).toEqual({def: G, next: [262144, 262144], hard: undefined, effects: []});
    expect(after(setMaxMemory(off({cells: [kib(5)], max: kib(6), slots: 1}), 7n))).toMatchObject({def: [7, 7]});
  });
  test("not of a running one", () => {
    for (const flags of [CURRENT, LIVE, BOTH]) expect(after(setMemoryFlags(on(), 2097152n, MAXIMUM | flags))).toEqual(noResize);
    expect(after(setMaxMemory(on(), 2097152n))).toEqual(noResize);
    expect(after(setMemoryFlags(off(), 2097152n, MAXIMUM | LIVE))).toEqual(notRunning);
    expect(getMaxMemory(on())).toMatchObject({ok: true, value: {result: 1048576}});
  });
});

describe("limits", () => {
  const read = (state: DomainState, flags = 0): unknown => {
    const result = getMemoryParameters(state, flags);
    return result.ok ? result.value.result : result.error.message;
  };
  const none = {soft_limit: UNLIMITED, swap_hard_limit: UNLIMITED};
  const done = (result: CallResult): DomainState => (result.ok ? (result.value.state ?? expect.unreachable()) : expect.unreachable(result.error.message));

  test("at start the hard limit is memory, unless hard_limit replaces it; currentMemory is not used", () => {
    const {state, effects} = start(off(), 2);
    expect(effects).toEqual([{kind: "start", memory: 1048576, target: 1048576, statsPeriod: seconds(0)}, {kind: "limits", hard: 1048576}]);
    expect(read(state ?? expect.unreachable())).toEqual({hard_limit: 1048576, ...none});
    const all = limits({hard: kib(7), soft: kib(5), swapHard: kib(9)});
    const tuned = start(off({limits: all}), 2);
    expect(tuned.effects[1]).toEqual({kind: "limits", hard: 7, soft: 5, swapHard: 9});
    expect(read(tuned.state ?? expect.unreachable())).toEqual({hard_limit: 7, soft_limit: 5, swap_hard_limit: 9});
    expect(tuned.state?.next?.limits).toEqual(all);
    expect(stop(tuned.state ?? expect.unreachable()).state).toEqual(off({limits: all}));
  });
  test("whatever was written last is in force: SetMemory and hard_limit share one file", () => {
    const small = done(setMemory(on(), 614400n));
    expect([read(small), small.def.limits]).toEqual([{hard_limit: 614400, ...none}, noLimits]);
    const tuned = done(setMemoryParameters(small, {hard_limit: kib(300)}, LIVE));
    expect([read(tuned), tuned.def.limits, read(tuned, CONFIG)]).toEqual([{hard_limit: 300, ...none}, limits({hard: kib(300)}), {hard_limit: UNLIMITED, ...none}]);
    expect(read(done(setMemory(tuned, 5n)))).toEqual({hard_limit: 5, ...none});
    expect(read(done(setMemoryParameters(tuned, {soft_limit: kib(2)}, LIVE)))).toEqual({hard_limit: 300, ...none, soft_limit: 2});
  });
  test("a stored limit leaves the running container alone", () => {
    const stored = done(setMemoryParameters(on(), {hard_limit: kib(300)}, CONFIG));
    expect([read(stored), read(stored, CONFIG)]).toEqual([{hard_limit: 1048576, ...none}, {hard_limit: 300, ...none}]);
    expect(read(off({limits: limits({hard: kib(4)})}))).toEqual({hard_limit: 4, ...none});
  });
  test("refused as on QEMU, without a session mode", () => {
    expect(after(setMemoryParameters(on(), {min_guarantee: kib(1)}, LIVE))).toEqual(["VIR_ERR_ARGUMENT_UNSUPPORTED", "argument unsupported: parameter 'min_guarantee' not supported"]);
    expect(after(setMemoryParameters(on(), {hard_limit: kib(2), swap_hard_limit: kib(1)}, LIVE))).toEqual(["VIR_ERR_INVALID_ARG", "invalid argument: memory hard_limit tunable value must be lower than or equal to swap_hard_limit"]);
    expect(after(setMemoryParameters(on({}, {connection}), {hard_limit: kib(2)}, LIVE))).toEqual(["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: cgroup memory controller is not mounted"]);
    expect(after(setMemoryParameters(on({}, {connection: {...lxc.connection, session: true}}), {hard_limit: kib(2)}, LIVE))).toMatchObject({hard: 2});
    expect(read(on({}, {connection: {...lxc.connection, session: true}}))).toEqual({hard_limit: 1048576, ...none});
    expect(read(on({}, {connection}))).toBe("Requested operation is not valid: cgroup memory controller is not mounted");
    expect(read(off(), LIVE)).toBe("Requested operation is not valid: domain is not running");
    expect(read(off(), 4)).toBe("unsupported flags (0x4) in function lxcDomainGetMemoryParameters");
  });
  test("nothing runs, nothing is written", () => {
    expect(withHardLimit(null, kib(5))).toBeNull();
  });
});

describe("what it says of itself", () => {
  const measured = {rss: kib(300), stats: {lastUpdate: 0, swapIn: kib(350)}};
  const stats = (state: DomainState): unknown => {
    const result = getMemoryStats(state);
    return result.ok ? result.value.result.map(({name, value}) => `${name} ${value}`) : [result.error.code, result.error.message];
  };
  const info = (state: DomainState): unknown => {
    const result = getInfo(state);
    return result.ok && result.value.result;
  };
  test("statistics are the cgroup's, and only of a running container", () => {
    expect(stats(on({}, {running: measured}))).toEqual(["actual 524288", "swap_in 350", "rss 300"]);
    expect(stats(on())).toEqual(["actual 524288"]);
    expect(stats(off())).toEqual(notRunning);
    expect(after(setMemoryStatsPeriod(on(), 5, 0))).toEqual(["VIR_ERR_NO_SUPPORT", "this function is not supported by the connection driver: virDomainSetMemoryStatsPeriod"]);
  });
  test("used memory is what the cgroup holds; of one that is off, currentMemory", () => {
    expect(info(on({}, {running: measured}))).toEqual({maxMem: 1048576, memory: 300});
    expect(info(on())).toEqual({maxMem: 1048576, memory: 0});
    expect(info(on({}, {running: null}))).toEqual({maxMem: 1048576, memory: 0});
    expect(info(off())).toEqual({maxMem: 1048576, memory: 524288});
  });
  test("virsh names what nobody measured", () => {
    expect(runVirsh(hostOf(on({}, {running: measured})), "dommemstat t1")).toMatchObject({stdout: "actual 524288\nswap_in 350\nrss 300", missing: []});
    expect(runVirsh(hostOf(on()), "dommemstat t1").missing).toEqual(["swap_in", "rss"]);
    expect(runVirsh(hostOf(on()), "dominfo t1").missing[0]).toBe("Used memory");
    expect(runVirsh(hostOf(on({}, {running: measured})), "dominfo t1")).toMatchObject({stdout: expect.stringMatching(/Used memory: +300 KiB/) as string, missing: ["UUID", "OS type", "CPU time", "autostart", "managed save", "security"]});
    expect(runVirsh(hostOf(off()), "dominfo t1").missing[0]).toBe("UUID");
    expect(() => runVirsh(hostOf(off()), "domstats --balloon")).toThrow("domstats on lxc");
  });
});

test("whatever is called, the hard limit in force is at most memory or a hard_limit that was set, and is what reads back", () => {
  const call = fc.record({what: fc.constantFrom("memory", "hard", "stored"), size: fc.integer({min: 1, max: 1200000})});
  const seen = {refused: 0, memory: 0, hard: 0};
  const numRuns = cases(10_000);
  fc.assert(
    fc.property(fc.array(call, {maxLength: 8}), (calls) => {
      let state = start(off(), 1).state ?? expect.unreachable();
      let written = 1048576;
      for (const {what, size} of calls) {
        const result = what === "hard" ? setMemoryParameters(state, {hard_limit: kib(size)}, LIVE) : setMemoryFlags(state, BigInt(size), what === "memory" ? LIVE : CONFIG);
        if (!result.ok) {
          seen.refused++;
          expect(size > 1048576 && what !== "hard").toBe(true);
          continue;
        }
        state = result.value.state ?? expect.unreachable();
        if (what !== "stored") written = size;
        if (what === "memory") seen.memory++;
        if (what === "hard") seen.hard++;
        expect(getMemoryParameters(state, LIVE)).toMatchObject({ok: true, value: {result: {hard_limit: written}}});
        expect(state.def.total).toBe(1048576);
      }
    }),
    {numRuns}
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(numRuns / 50);
});
