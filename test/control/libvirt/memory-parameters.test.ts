import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {getMemoryParameters, setMemoryParameters} from "../../../src/control/libvirt/api.ts";
import {countParameters} from "../../../src/control/libvirt/memory-parameters.ts";
import type {MemoryParameters} from "../../../src/control/libvirt/parameter-names.ts";
import {Flags, type CallResult, type DomainState} from "../../../src/control/types.ts";
import {noLimits, UNLIMITED, type MemoryLimits} from "../../../src/domain/libvirt/domain-def.ts";
import {kib} from "../../../src/units.ts";
import {definition, errorOf} from "../../domain/libvirt/fixture.ts";
import {connection, running, shutOff} from "../fixture.ts";

const {LIVE, CONFIG, CURRENT} = Flags;
const withController = {connection: {...connection, cgroupMemory: true}};
const limits = (more: Partial<MemoryLimits>): MemoryLimits => ({...noLimits, ...more});

function after(result: CallResult): unknown {
  if (!result.ok) return [result.error.code, result.error.message];
  const {state, effects} = result.value;
  return {def: state?.def.limits, next: state?.next?.limits ?? null, effects};
}
const invalid = (detail: string): readonly [string, string] => ["VIR_ERR_OPERATION_INVALID", `Requested operation is not valid: ${detail}`];
const wrongOrder = ["VIR_ERR_INVALID_ARG", "invalid argument: memory hard_limit tunable value must be lower than or equal to swap_hard_limit"];
const noController = invalid("cgroup memory controller is not mounted");

describe("setting limits on QEMU", () => {
  test("of a domain that is shut off", () => {
    expect(after(setMemoryParameters(shutOff(), {hard_limit: kib(512000)}, CURRENT))).toEqual({def: limits({hard: kib(512000)}), next: null, effects: []});
    expect(after(setMemoryParameters(shutOff(), {soft_limit: kib(0)}, CONFIG))).toEqual({def: limits({soft: kib(0)}), next: null, effects: []});
    expect(after(setMemoryParameters(shutOff(), {swap_hard_limit: kib(1)}, LIVE))).toEqual(invalid("domain is not running"));
  });
  test("of a running one: live needs the controller, stored does not", () => {
    expect(after(setMemoryParameters(running(), {hard_limit: kib(5)}, LIVE))).toEqual(noController);
    expect(after(setMemoryParameters(running(), {hard_limit: kib(5)}, CURRENT))).toEqual(noController);
    expect(after(setMemoryParameters(running(), {hard_limit: kib(5)}, LIVE | CONFIG))).toEqual(noController);
    expect(after(setMemoryParameters(running(), {hard_limit: kib(5)}, CONFIG))).toEqual({def: noLimits, next: limits({hard: kib(5)}), effects: []});
    expect(after(setMemoryParameters(running({}, withController), {hard_limit: kib(5), soft_limit: kib(4), swap_hard_limit: kib(6)}, LIVE | CONFIG))).toEqual({
      def: limits({hard: kib(5), soft: kib(4), swapHard: kib(6)}),
      next: limits({hard: kib(5), soft: kib(4), swapHard: kib(6)}),
      effects: [{kind: "limits", hard: 5, soft: 4, swapHard: 6}]
    });
    expect(after(setMemoryParameters(running({}, withController), {soft_limit: kib(4)}, LIVE))).toMatchObject({next: noLimits, effects: [{kind: "limits", soft: 4}]});
  });
  test("hard may equal swap_hard but not exceed it; the other limit is the running definition's", () => {
    expect(after(setMemoryParameters(shutOff(), {hard_limit: kib(5), swap_hard_limit: kib(5)}, CONFIG))).toMatchObject({def: limits({hard: kib(5), swapHard: kib(5)})});
    expect(after(setMemoryParameters(shutOff(), {hard_limit: kib(6), swap_hard_limit: kib(5)}, CONFIG))).toEqual(wrongOrder);
    expect(after(setMemoryParameters(shutOff(), {swap_hard_limit: kib(5)}, CONFIG))).toEqual(wrongOrder);
    const limited = shutOff({limits: limits({hard: kib(4), swapHard: kib(8)})});
    expect(after(setMemoryParameters(limited, {swap_hard_limit: kib(4)}, CONFIG))).toMatchObject({def: limits({hard: kib(4), swapHard: kib(4)})});
    expect(after(setMemoryParameters(limited, {swap_hard_limit: kib(3)}, CONFIG))).toEqual(wrongOrder);
    expect(after(setMemoryParameters(limited, {hard_limit: UNLIMITED}, CONFIG))).toEqual(wrongOrder);
    expect(after(setMemoryParameters(limited, {soft_limit: UNLIMITED}, CONFIG))).toMatchObject({def: limits({hard: kib(4), swapHard: kib(8)})});
    const stored = running({}, {next: definition({limits: limits({hard: kib(4)})})});
    expect(after(setMemoryParameters(stored, {swap_hard_limit: kib(5)}, CONFIG))).toEqual(wrongOrder);
    const live = running({limits: limits({hard: kib(4)})}, {next: definition()});
    expect(after(setMemoryParameters(live, {swap_hard_limit: kib(5)}, CONFIG))).toMatchObject({next: limits({swapHard: kib(5)})});
  });
  test("a limit out of order may stand already; a soft limit does not ask", () => {
    const odd = shutOff({limits: limits({hard: kib(8), swapHard: kib(4)})});
    expect(after(setMemoryParameters(odd, {soft_limit: kib(1)}, CONFIG))).toMatchObject({def: limits({hard: kib(8), soft: kib(1), swapHard: kib(4)})});
  });
  test("errors in order: read-only, flags, unknown parameter, session, impact, controller, order", () => {
    const all: MemoryParameters = {min_guarantee: kib(1), hard_limit: kib(9), swap_hard_limit: kib(1)};
    const wrong: MemoryParameters = {hard_limit: kib(9), swap_hard_limit: kib(1)};
    const session = {connection: {...connection, session: true}};
    expect(after(setMemoryParameters(shutOff({}, {connection: {...connection, readOnly: true}}), all, 64))).toEqual(["VIR_ERR_OPERATION_DENIED", "operation forbidden: read only access prevents virDomainSetMemoryParameters"]);
    expect(after(setMemoryParameters(shutOff({}, session), all, Flags.MAXIMUM))).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x4) in function qemuDomainSetMemoryParameters"]);
    expect(after(setMemoryParameters(shutOff({}, session), all, LIVE))).toEqual(["VIR_ERR_ARGUMENT_UNSUPPORTED", "argument unsupported: parameter 'min_guarantee' not supported"]);
    expect(after(setMemoryParameters(shutOff({}, session), wrong, LIVE))).toEqual(["VIR_ERR_OPERATION_UNSUPPORTED", "Operation not supported: Memory tuning is not available in session mode"]);
    expect(after(setMemoryParameters(shutOff(), wrong, LIVE))).toEqual(invalid("domain is not running"));
    expect(after(setMemoryParameters(running(), wrong, LIVE))).toEqual(noController);
    expect(after(setMemoryParameters(running(), wrong, CONFIG))).toEqual(wrongOrder);
  });
});

describe("other drivers", () => {
  const mock = {driver: "test"} as const;
  test("the mock driver keeps live limits without a controller, one definition at a time", () => {
    expect(after(setMemoryParameters(running({}, mock), {hard_limit: kib(5)}, LIVE))).toEqual({def: limits({hard: kib(5)}), next: noLimits, effects: []});
    expect(after(setMemoryParameters(running({}, mock), {hard_limit: kib(5)}, CONFIG))).toEqual({def: noLimits, next: limits({hard: kib(5)}), effects: []});
    expect(after(setMemoryParameters(running({}, mock), {min_guarantee: kib(5)}, LIVE | CONFIG))).toEqual(["VIR_ERR_ARGUMENT_UNSUPPORTED", "argument unsupported: parameter 'min_guarantee' not supported"]);
    expect(after(setMemoryParameters(running({}, mock), {hard_limit: kib(5)}, LIVE | CONFIG))).toEqual(["VIR_ERR_INVALID_ARG", "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive"]);
    expect(after(setMemoryParameters(shutOff({}, mock), {hard_limit: kib(5), swap_hard_limit: kib(4)}, CURRENT))).toEqual(wrongOrder);
    expect(after(setMemoryParameters(shutOff({}, mock), {hard_limit: kib(5)}, 4))).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x4) in function testDomainSetMemoryParameters"]);
  });
  test("libxl has no such call", () => {
    const xen = {driver: "xen"} as const;
    expect(after(setMemoryParameters(shutOff({}, xen), {hard_limit: kib(5)}, 0))).toEqual(["VIR_ERR_NO_SUPPORT", "this function is not supported by the connection driver: virDomainSetMemoryParameters"]);
    expect(getMemoryParameters(shutOff({}, xen), 0)).toMatchObject({ok: false, error: {message: "this function is not supported by the connection driver: virDomainGetMemoryParameters"}});
  });
});

describe("reading limits", () => {
  const read = (state: DomainState, flags: number): unknown => {
    const result = getMemoryParameters(state, flags);
    return result.ok ? result.value.result : result.error.message;
  };
  const some = limits({hard: kib(1), soft: kib(2), swapHard: kib(3)});
  const named = {hard_limit: 1, soft_limit: 2, swap_hard_limit: 3};
  const none = {hard_limit: UNLIMITED, soft_limit: UNLIMITED, swap_hard_limit: UNLIMITED};

  test("of the definition the flags name", () => {
    expect(read(shutOff({limits: some}), CURRENT)).toEqual(named);
    expect(read(shutOff({limits: some}), LIVE)).toBe("Requested operation is not valid: domain is not running");
    expect(read(running({limits: some}, {next: definition()}), CONFIG)).toEqual(none);
    expect(read(running({limits: some}, {next: definition()}), LIVE)).toBe("Requested operation is not valid: cgroup memory controller is not mounted");
    expect(read(running({limits: some}, {next: definition(), ...withController}), CURRENT)).toEqual(named);
    expect(read(running({limits: some}, {next: definition(), driver: "test"}), CURRENT)).toEqual(named);
    expect(read(running({limits: some}, {next: definition(), driver: "test"}), CONFIG)).toEqual(none);
  });
  test("never of both", () => {
    const both = "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive";
    for (const driver of ["qemu", "test", "xen"] as const) expect(read(running({}, {driver}), LIVE | CONFIG)).toBe(both);
    expect(read(shutOff({}, {connection: {...connection, session: true}}), LIVE | CONFIG)).toBe(both);
  });
  test("flags a driver does not know, and session mode", () => {
    expect(read(shutOff(), 4)).toBe("unsupported flags (0x4) in function qemuDomainGetMemoryParameters");
    expect(read(shutOff({}, {connection: {...connection, session: true}}), 0)).toBe("Operation not supported: Memory tuning is not available in session mode");
  });
  test("there are three; counting them already checks the flags, on QEMU the impact as well", () => {
    expect(countParameters(shutOff(), 0)).toBe(3);
    expect(countParameters(running(), LIVE)).toBe(3);
    expect(countParameters(shutOff({}, {driver: "test"}), LIVE)).toBe(3);
    expect(errorOf(() => countParameters(shutOff(), LIVE))[1]).toBe("Requested operation is not valid: domain is not running");
  });
});

test("whatever is set on one definition reads back, and hard never passes swap_hard unseen", () => {
  const value = fc.option(fc.oneof(fc.integer({min: 0, max: 100}).map(kib), fc.constant(UNLIMITED)), {nil: undefined});
  const seen = {refused: 0, set: 0};
  fc.assert(
    fc.property(fc.array(fc.record({hard_limit: value, soft_limit: value, swap_hard_limit: value}), {maxLength: 6}), (calls) => {
      let state: DomainState = shutOff();
      for (const call of calls) {
        const params = Object.fromEntries(Object.entries(call).filter(([, limit]) => limit !== undefined)) as MemoryParameters;
        const result = setMemoryParameters(state, params, CONFIG);
        if (!result.ok) {
          seen.refused++;
          continue;
        }
        seen.set++;
        state = result.value.state ?? state;
        const read = getMemoryParameters(state, CONFIG);
        expect(read.ok && read.value.result).toMatchObject(params);
        expect(state.def.limits.hard <= state.def.limits.swapHard).toBe(true);
      }
    }),
    {numRuns: 10_000}
  );
  expect(Math.min(seen.refused, seen.set)).toBeGreaterThan(100);
});
