import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {getInfo, getMaxMemory, setMaxMemory, setMemory, setMemoryFlags} from "../../../src/control/libvirt/api.ts";
import {reportBalloon} from "../../../src/control/libvirt/set-memory.ts";
import {Flags, type CallResult, type DomainState} from "../../../src/control/types.ts";
import {kib} from "../../../src/units.ts";
import {definition} from "../../domain/libvirt/fixture.ts";
import {connection, running, shutOff} from "../fixture.ts";

const {LIVE, CONFIG, MAXIMUM, CURRENT} = Flags;
const BOTH = LIVE | CONFIG;

/** The two sizes of the definitions after a call, or its error. */
function after(result: CallResult): unknown {
  if (!result.ok) return [result.error.code, result.error.message];
  const {state, effects} = result.value;
  const sizes = (def: DomainState["def"] | null | undefined): unknown => def && [def.total, def.current];
  return {def: sizes(state?.def), next: sizes(state?.next), effects};
}
const invalid = (detail: string): readonly [string, string] => ["VIR_ERR_OPERATION_INVALID", `Requested operation is not valid: ${detail}`];
const tooHigh = ["VIR_ERR_INVALID_ARG", "invalid argument: cannot set memory higher than max memory"];
const notRunning = invalid("domain is not running");
const noResize = invalid("cannot resize the maximum memory on an active domain");
const balloon = (target: number): unknown => [{kind: "balloon", target}];
const G = [1048576, 524288];

describe("current memory of a domain that is shut off", () => {
  test.each([
    [CURRENT, {def: [1048576, 614400], next: null, effects: []}],
    [CONFIG, {def: [1048576, 614400], next: null, effects: []}],
    [LIVE, notRunning],
    [BOTH, notRunning]
  ])("flags %d", (flags, expected) => {
    expect(after(setMemoryFlags(shutOff(), 614400n, flags))).toEqual(expected);
  });
  test("up to memory and no further, down to 1", () => {
    expect(after(setMemoryFlags(shutOff(), 1048576n, CONFIG))).toEqual({def: [1048576, 1048576], next: null, effects: []});
    expect(after(setMemoryFlags(shutOff(), 1048577n, CONFIG))).toEqual(tooHigh);
    expect(after(setMemoryFlags(shutOff(), 1n, CONFIG))).toEqual({def: [1048576, 1], next: null, effects: []});
  });
  test("setMemory is for running ones", () => {
    expect(after(setMemory(shutOff(), 1n))).toEqual(notRunning);
  });
});

describe("current memory of a running domain", () => {
  test.each([
    [CURRENT, {def: G, next: G, effects: balloon(614400)}],
    [LIVE, {def: G, next: G, effects: balloon(614400)}],
    [CONFIG, {def: G, next: [1048576, 614400], effects: []}],
    [BOTH, {def: G, next: [1048576, 614400], effects: balloon(614400)}]
  ])("flags %d: a live target is only sent", (flags, expected) => {
    expect(after(setMemoryFlags(running(), 614400n, flags))).toEqual(expected);
  });
  test("setMemory sends a target", () => {
    expect(after(setMemory(running(), 614400n))).toEqual({def: G, next: G, effects: balloon(614400)});
  });
  test("each definition is held against its own memory, both against the smaller", () => {
    const state = running({}, {next: definition({total: kib(2097152)})});
    expect(after(setMemoryFlags(state, 2000000n, CONFIG))).toMatchObject({next: [2097152, 2000000]});
    expect(after(setMemoryFlags(state, 2000000n, LIVE))).toEqual(tooHigh);
    expect(after(setMemoryFlags(state, 2000000n, BOTH))).toEqual(tooHigh);
    const less = running({}, {next: definition({total: kib(600000)})});
    expect(after(setMemoryFlags(less, 700000n, LIVE))).toMatchObject({effects: balloon(700000)});
    expect(after(setMemoryFlags(less, 700000n, BOTH))).toEqual(tooHigh);
  });
  test("virtio-mem is out of the balloon's reach", () => {
    const device = {model: "virtio-mem", size: kib(262144), node: 0, block: kib(2048), requested: kib(0)} as const;
    expect(after(setMemoryFlags(running({devices: [device]}), 786433n, LIVE))).toEqual(tooHigh);
    expect(after(setMemoryFlags(running({devices: [device]}), 786432n, LIVE))).toMatchObject({effects: balloon(786432)});
    expect(after(setMemoryFlags(running({devices: [{...device, model: "dimm"}]}), 786433n, LIVE))).toMatchObject({effects: balloon(786433)});
  });
  test("without a balloon device only the stored one can change", () => {
    const none = {balloon: {...definition().balloon, model: "none"}} as const;
    const refused = invalid("Unable to change memory of active domain without the balloon device and guest OS balloon driver");
    expect(after(setMemoryFlags(running(none), 614400n, LIVE))).toEqual(refused);
    expect(after(setMemoryFlags(running(none), 614400n, BOTH))).toEqual(refused);
    expect(after(setMemoryFlags(running(none), 2000000n, LIVE))).toEqual(tooHigh);
    expect(after(setMemoryFlags(running(none), 614400n, CONFIG))).toMatchObject({next: [1048576, 614400]});
  });
  test("a transient one has nothing stored", () => {
    const state = running({}, {persistent: false, next: null});
    expect(after(setMemoryFlags(state, 614400n, CONFIG))).toEqual(invalid("transient domains do not have any persistent config"));
    expect(after(setMemoryFlags(state, 614400n, CURRENT))).toMatchObject({effects: balloon(614400)});
  });
});

describe("the maximum", () => {
  test("of a domain that is shut off; current memory is cut with it", () => {
    expect(after(setMaxMemory(shutOff(), 2097152n))).toEqual({def: [2097152, 524288], next: null, effects: []});
    expect(after(setMemoryFlags(shutOff(), 262144n, MAXIMUM | CONFIG))).toEqual({def: [262144, 262144], next: null, effects: []});
    expect(after(setMemoryFlags(shutOff(), 1n, MAXIMUM))).toEqual({def: [1, 1], next: null, effects: []});
    expect(after(setMemoryFlags(shutOff(), 1n, MAXIMUM | LIVE))).toEqual(notRunning);
  });
  test("of a running one only for the next start", () => {
    expect(after(setMaxMemory(running(), 2097152n))).toEqual(noResize);
    expect(after(setMemoryFlags(running(), 2097152n, MAXIMUM | LIVE))).toEqual(noResize);
    expect(after(setMemoryFlags(running(), 2097152n, MAXIMUM | BOTH))).toEqual(noResize);
    expect(after(setMemoryFlags(running(), 2097152n, MAXIMUM | CONFIG))).toEqual({def: G, next: [2097152, 524288], effects: []});
  });
  test("not with NUMA cells, not above maxMemory", () => {
    expect(after(setMaxMemory(shutOff({cells: [kib(1048576)]}), 5n))).toEqual(invalid("initial memory size of a domain with NUMA nodes cannot be modified with this API"));
    expect(after(setMaxMemory(shutOff({max: kib(2097152)}), 2097153n))).toEqual(invalid("cannot set initial memory size greater than the maximum memory size"));
    expect(after(setMaxMemory(shutOff({max: kib(2097152)}), 2097152n))).toMatchObject({def: [2097152, 524288]});
  });
});

describe("what every call checks first, in order", () => {
  const readOnly = {connection: {...connection, readOnly: true}};
  test("read-only, zero, too large, unknown flags, impact", () => {
    expect(after(setMemoryFlags(shutOff({}, readOnly), 0n, 64))).toEqual(["VIR_ERR_OPERATION_DENIED", "operation forbidden: read only access prevents virDomainSetMemoryFlags"]);
    expect(after(setMemoryFlags(shutOff(), 0n, 64))).toEqual(["VIR_ERR_INVALID_ARG", "memory in virDomainSetMemoryFlags must not be zero"]);
    expect(after(setMemoryFlags(shutOff(), 9007199254740991n, 64))).toEqual(["VIR_ERR_OVERFLOW", "numerical overflow: input too large: 9007199254740991"]);
    expect(after(setMemoryFlags(shutOff(), 9007199254740990n, 64 | LIVE))).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x40) in function qemuDomainSetMemoryFlags"]);
    expect(after(setMemoryFlags(shutOff(), 9007199254740990n, LIVE))).toEqual(notRunning);
    expect(after(setMemoryFlags(shutOff(), 9007199254740990n, CONFIG))).toEqual(tooHigh);
  });
  test("each call names itself, each driver its function", () => {
    expect(after(setMemory(shutOff(), 0n))).toEqual(["VIR_ERR_INVALID_ARG", "memory in virDomainSetMemory must not be zero"]);
    expect(after(setMaxMemory(shutOff(), 0n))).toEqual(["VIR_ERR_INVALID_ARG", "memory in virDomainSetMaxMemory must not be zero"]);
    expect(after(setMemory(shutOff({}, readOnly), 1n))).toEqual(["VIR_ERR_OPERATION_DENIED", "operation forbidden: read only access prevents virDomainSetMemory"]);
    expect(after(setMemoryFlags(shutOff({}, {driver: "test"}), 1n, 8))).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x8) in function testDomainSetMemoryFlags"]);
    expect(after(setMemoryFlags(shutOff({}, {driver: "xen"}), 1n, 8))).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x8) in function libxlDomainSetMemoryFlags"]);
  });
});

describe("the mock driver", () => {
  const mock = {driver: "test"} as const;
  test("moves at once and takes one definition at a time", () => {
    expect(after(setMemoryFlags(running({}, mock), 614400n, LIVE))).toEqual({def: [1048576, 614400], next: G, effects: []});
    expect(after(setMemoryFlags(running({}, mock), 614400n, CONFIG))).toEqual({def: G, next: [1048576, 614400], effects: []});
    expect(after(setMemoryFlags(shutOff({}, mock), 614400n, CURRENT))).toEqual({def: [1048576, 614400], next: null, effects: []});
    const both = ["VIR_ERR_INVALID_ARG", "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive"];
    expect(after(setMemoryFlags(running({}, mock), 614400n, BOTH))).toEqual(both);
    expect(after(setMemoryFlags(shutOff({}, mock), 614400n, BOTH))).toEqual(both);
    expect(after(setMemoryFlags(running({}, mock), 2000000n, LIVE))).toEqual(tooHigh);
    expect(after(setMemoryFlags(shutOff({}, mock), 614400n, LIVE))).toEqual(notRunning);
  });
  test("keeps the maximum of a running domain, too", () => {
    expect(after(setMaxMemory(running({}, mock), 2097152n))).toEqual(noResize);
    expect(after(setMemoryFlags(running({}, mock), 2097152n, MAXIMUM | CONFIG))).toEqual({def: G, next: [2097152, 524288], effects: []});
    expect(after(setMaxMemory(shutOff({}, mock), 1n))).toEqual({def: [1, 1], next: null, effects: []});
    expect(after(setMaxMemory(shutOff({cells: [kib(1)]}, mock), 1n))).toEqual(invalid("initial memory size of a domain with NUMA nodes cannot be modified with this API"));
  });
});

describe("libxl", () => {
  const xen = {driver: "xen"} as const;
  test("a live target is written down at once and asked for", () => {
    expect(after(setMemoryFlags(running({}, xen), 614400n, LIVE))).toEqual({def: [1048576, 614400], next: G, effects: balloon(614400)});
    expect(after(setMemoryFlags(running({}, xen), 614400n, BOTH))).toEqual({def: [1048576, 614400], next: [1048576, 614400], effects: balloon(614400)});
    expect(after(setMemoryFlags(shutOff({}, xen), 614400n, CONFIG))).toEqual({def: [1048576, 614400], next: null, effects: []});
    expect(after(setMemoryFlags(running({}, xen), 2000000n, CONFIG))).toEqual(tooHigh);
  });
  test("a stored target is held against the running domain's memory, not the stored one's", () => {
    const state = running({}, {...xen, next: definition({total: kib(600000)})});
    expect(after(setMemoryFlags(state, 700000n, CONFIG))).toEqual({def: G, next: [600000, 700000], effects: []});
  });
  test("the maximum of a running domain may change, and its definition does not know", () => {
    expect(after(setMaxMemory(running({}, xen), 2097152n))).toEqual({def: G, next: G, effects: [{kind: "maximum", size: 2097152}]});
    expect(after(setMemoryFlags(running({}, xen), 262144n, MAXIMUM | CONFIG))).toEqual({def: G, next: [262144, 262144], effects: []});
    expect(after(setMemoryFlags(shutOff({}, xen), 262144n, MAXIMUM))).toEqual({def: [262144, 262144], next: null, effects: []});
  });
});

describe("what the guest gave", () => {
  test("shows in the live definition only", () => {
    const state = reportBalloon(running(), kib(700000));
    expect([state.def.current, state.next?.current]).toEqual([700000, 524288]);
    expect(reportBalloon(shutOff(), kib(1)).def.current).toBe(524288);
    expect(reportBalloon(running({balloon: {...definition().balloon, model: "none"}}), kib(1)).def.current).toBe(524288);
    expect(reportBalloon(running({}, {driver: "xen"}), kib(1)).def.current).toBe(524288);
  });
  test("info: maximum and current; all of it without a balloon; whole pages on Xen", () => {
    const info = (state: DomainState): unknown => {
      const got = getInfo(state);
      return got.ok && got.value.result;
    };
    expect(info(running())).toEqual({maxMem: 1048576, memory: 524288});
    const none = {balloon: {...definition().balloon, model: "none"}} as const;
    expect(info(running(none))).toEqual({maxMem: 1048576, memory: 1048576});
    expect(info(shutOff(none))).toEqual({maxMem: 1048576, memory: 524288});
    expect(info(running({...none, current: kib(511999)}, {driver: "xen"}))).toEqual({maxMem: 1048576, memory: 511996});
    expect(info(shutOff({current: kib(511999)}, {driver: "xen"}))).toEqual({maxMem: 1048576, memory: 511999});
    expect(getMaxMemory(shutOff())).toMatchObject({ok: true, value: {result: 1048576, effects: []}});
  });
});

describe("properties over all drivers, states and flags", () => {
  const flags = fc.integer({min: 0, max: 7});
  const size = fc.bigInt({min: 0n, max: 4194304n});
  const driver = fc.constantFrom<DomainState["driver"]>("qemu", "test", "xen");
  const sizes = fc.tuple(fc.integer({min: 1, max: 2097152}), fc.integer({min: 1, max: 2097152})).map(([a, b]) => ({total: kib(Math.max(a, b)), current: kib(Math.min(a, b))}));
  const drawn = fc.record({driver, isRunning: fc.boolean(), persistent: fc.boolean(), def: sizes, next: sizes});
  const stateOf = ({driver: name, isRunning, persistent, def, next}: {driver: DomainState["driver"]; isRunning: boolean; persistent: boolean; def: Partial<DomainState["def"]>; next: Partial<DomainState["def"]>}): DomainState =>
    isRunning ? running(def, {driver: name, persistent, next: persistent ? definition(next) : null}) : shutOff(def, {driver: name});

  test("an accepted call keeps 0 < current <= total in every definition, and saying it twice changes nothing more", () => {
    const seen = {refused: 0, live: 0, stored: 0, maximum: 0, zero: 0};
    fc.assert(
      fc.property(drawn, size, flags, (given, wanted, bits) => {
        const state = stateOf(given);
        const result = setMemoryFlags(state, wanted, bits);
        if (wanted === 0n) seen.zero++;
        if (!result.ok) {
          seen.refused++;
          return;
        }
        const {state: changed, effects} = result.value;
        expect(changed).not.toBeNull();
        if (!changed) return;
        // libxl holds a stored target against the running domain's memory: see above.
        if (given.driver !== "xen") for (const def of [changed.def, changed.next]) if (def) expect(def.current > 0 && def.current <= def.total).toBe(true);
        if (bits & MAXIMUM) seen.maximum++;
        if (effects.length > 0) seen.live++;
        else seen.stored++;
        const again = setMemoryFlags(changed, wanted, bits);
        expect(again).toEqual({ok: true, value: {state: changed, effects, result: null}});
      }),
      {numRuns: 10_000}
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThanOrEqual(1);
    expect(Math.min(seen.refused, seen.live, seen.stored, seen.maximum)).toBeGreaterThan(100);
  });

  test("a stored change never touches the running definition, and a live one never the stored", () => {
    fc.assert(
      fc.property(drawn, size, flags, (given, wanted, bits) => {
        const state = stateOf({...given, isRunning: true});
        const result = setMemoryFlags(state, wanted, bits);
        if (!result.ok) return;
        const impact = bits & BOTH;
        if (impact === CONFIG) expect(result.value.state?.def).toEqual(state.def);
        else if (impact !== BOTH) expect(result.value.state?.next).toEqual(state.next);
      }),
      {numRuns: 10_000}
    );
  });
});
