import {describe, expect, test} from "vitest";
import {executeHmp} from "../../../src/control/qemu/hmp.ts";
import type {MonitorState} from "../../../src/control/qemu/monitor.ts";
import {balloonMessage, executeQmp, NEVER_REPORTED} from "../../../src/control/qemu/qmp.ts";
import {bytes, kib, seconds} from "../../../src/units.ts";

const path = "/machine/peripheral/b0";
const state: MonitorState = {balloon: {path, actual: kib(262144), pollingInterval: seconds(0), stats: {lastUpdate: 0}}};
const none: MonitorState = {balloon: null};
const interval = "guest-stats-polling-interval";
const generic = (desc: string): unknown => ({error: {class: "GenericError", desc}});

// Every reply was given by QEMU 7.2.22.
describe("QMP", () => {
  test.each([
    [{execute: "query-balloon"}, {return: {actual: 268435456}}],
    [{execute: "query-balloon", id: 3, arguments: {}}, {return: {actual: 268435456}}],
    [{execute: "query-balloon", arguments: {x: 1}}, generic("Parameter 'x' is unexpected")],
    [{execute: "balloon"}, generic("Parameter 'value' is missing")],
    [{execute: "balloon", arguments: {value: "x"}}, generic("Invalid parameter type for 'value', expected: integer")],
    [{execute: "balloon", arguments: {value: 1.5}}, generic("Invalid parameter type for 'value', expected: integer")],
    [{execute: "balloon", arguments: {value: true, foo: 1}}, generic("Invalid parameter type for 'value', expected: integer")],
    [{execute: "balloon", arguments: {value: 100, foo: 1}}, generic("Parameter 'foo' is unexpected")],
    [{execute: "balloon", arguments: {value: 0}}, generic("Parameter 'target' expects a size")],
    [{execute: "balloon", arguments: {value: -1}}, generic("Parameter 'target' expects a size")],
    [{execute: "balloon", arguments: {value: 1}}, {return: {}}],
    [{execute: "baloon", arguments: {value: 100}}, {error: {class: "CommandNotFound", desc: "The command baloon has not been found"}}],
    [{foo: 1}, generic("QMP input member 'foo' is unexpected")],
    [5, generic("QMP input must be a JSON object")],
    [[1], generic("QMP input must be a JSON object")],
    [null, generic("QMP input must be a JSON object")],
    [{execute: 5}, generic("QMP input member 'execute' must be a string")],
    [{arguments: {}}, generic("QMP input lacks member 'execute'")],
    [{execute: "balloon", arguments: 5}, generic("QMP input member 'arguments' must be an object")],
    [{execute: "qom-set", arguments: {path, property: interval, value: 2}}, {return: {}}],
    [{execute: "qom-set", arguments: {path, property: interval, value: -1}}, generic("timer value must be greater than zero")],
    [{execute: "qom-set", arguments: {path, property: interval, value: 4294967296}}, generic("timer value is too big")],
    [{execute: "qom-set", arguments: {path, property: interval, value: "x"}}, generic(`Invalid parameter type for '${interval}', expected: integer`)],
    [{execute: "qom-set", arguments: {path: "/machine/nope", property: interval, value: 2}}, {error: {class: "DeviceNotFound", desc: "Device '/machine/nope' not found"}}],
    [{execute: "qom-set", arguments: {path, property: "nope", value: 2}}, generic("Property 'virtio-balloon-pci.nope' not found")],
    [{execute: "qom-set", arguments: {path, property: "guest-stats", value: 2}}, generic("Property 'virtio-balloon-device.guest-stats' is not writable")],
    [{execute: "qom-set", arguments: {path: "x"}}, generic("Parameter 'property' is missing")],
    [{execute: "qom-set", arguments: {path: 5, property: "x", value: 1}}, generic("Invalid parameter type for 'path', expected: string")],
    [{execute: "qom-get", arguments: {path, property: "nope"}}, generic("Property 'virtio-balloon-pci.nope' not found")],
    [{execute: "qom-get", arguments: {path, property: interval}}, {return: 0}]
  ])("%j", (message, reply) => {
    expect(executeQmp(state, message).reply).toEqual(reply);
  });

  test("a target is a wish; the state stays until the guest answers", () => {
    const {effects, state: after} = executeQmp(state, {execute: "balloon", arguments: {value: 134217728}});
    expect(effects).toEqual([{kind: "balloon", target: 131072}]);
    expect(after).toBe(state);
    expect(executeQmp(state, {execute: "balloon", arguments: {value: 1}}).effects).toEqual([{kind: "balloon", target: 1 / 1024}]);
    expect(executeQmp(state, balloonMessage(kib(1024))).effects).toEqual([{kind: "balloon", target: 1024}]);
    expect(executeQmp(state, {execute: "balloon", arguments: {value: 0}}).effects).toEqual([]);
  });

  test("the interval is kept and asked of the device", () => {
    const {effects, state: after} = executeQmp(state, {execute: "qom-set", arguments: {path, property: interval, value: 4294967295}});
    expect(effects).toEqual([{kind: "stats-period", period: 4294967295}]);
    expect(executeQmp(after, {execute: "qom-get", arguments: {path, property: interval}}).reply).toEqual({return: 4294967295});
  });

  test("statistics by QEMU's names; null stands for what was never reported", () => {
    const stats = {
      swapIn: bytes(1),
      swapOut: bytes(2),
      majorFaults: 3,
      minorFaults: 4,
      freeMemory: bytes(5),
      totalMemory: bytes(6),
      availableMemory: bytes(7),
      diskCaches: bytes(8),
      hugetlbPageAllocations: 9,
      hugetlbPageFailures: 10,
      lastUpdate: 11
    };
    const told: MonitorState = {balloon: {path, actual: kib(1), pollingInterval: seconds(1), stats}};
    const ask = {execute: "qom-get", arguments: {path, property: "guest-stats"}};
    const names = ["swap-in", "swap-out", "major-faults", "minor-faults", "free-memory", "total-memory", "available-memory", "disk-caches", "htlb-pgalloc", "htlb-pgfail"].map((name) => `stat-${name}`);
    expect(executeQmp(told, ask).reply).toEqual({return: {stats: Object.fromEntries(names.map((name, i) => [name, i + 1])), "last-update": 11}});
    expect(executeQmp(state, ask).reply).toEqual({return: {stats: Object.fromEntries(names.map((name) => [name, null])), "last-update": 0}});
    expect(NEVER_REPORTED).toBe(2n ** 64n - 1n);
  });

  test("without a device: arguments are looked at first", () => {
    const missing = {error: {class: "DeviceNotActive", desc: "No balloon device has been activated"}};
    expect(executeQmp(none, {execute: "query-balloon"}).reply).toEqual(missing);
    for (const value of [1, 0, -1, 9223372036854775807]) expect(executeQmp(none, {execute: "balloon", arguments: {value}}).reply).toEqual(missing);
    expect(executeQmp(none, {execute: "balloon"}).reply).toEqual(generic("Parameter 'value' is missing"));
    expect(executeQmp(none, {execute: "balloon", arguments: {value: 100, foo: 1}}).reply).toEqual(generic("Parameter 'foo' is unexpected"));
    expect(executeQmp(none, {execute: "qom-get", arguments: {path, property: interval}}).reply).toEqual({error: {class: "DeviceNotFound", desc: `Device '${path}' not found`}});
  });
});

describe("HMP", () => {
  const help = '\r\nTry "help balloon" for more information\r\n';
  test.each([
    ["info balloon", "balloon: actual=256\r\n"],
    ["info  balloon", "balloon: actual=256\r\n"],
    ["balloon 0", "Error: Parameter 'target' expects a size\r\n"],
    ["balloon -1", `enter a positive value${help}`],
    ["balloon", `unexpected end of expression${help}`],
    ["balloon 128M", `balloon: extraneous characters at the end of line${help}`],
    ["balloon 1.5", `balloon: extraneous characters at the end of line${help}`],
    ["balloon 128 5", `balloon: extraneous characters at the end of line${help}`],
    ["balloon x", `invalid char 'x' in expression${help}`],
    ["balloon 99999999999999999999", `number too large${help}`],
    ["balloon 8796093022208", "Error: Parameter 'target' expects a size\r\n"],
    ["balloon 8796093022207", ""],
    ["foo 3", "unknown command: 'foo'\r\n"]
  ])("%s", (line, output) => {
    expect(executeHmp(state, line).output).toBe(output);
  });
  test.each([
    ["balloon 128", 131072],
    ["balloon 5 ", 5120],
    ["balloon +3", 3072],
    ["balloon 0x40", 65536],
    ["balloon 017", 15360]
  ])("%s is in MiB", (line, target) => {
    expect(executeHmp(state, line)).toEqual({output: "", state, effects: [{kind: "balloon", target}]});
  });
  test("without a device", () => {
    expect(executeHmp(none, "info balloon").output).toBe("Error: No balloon device has been activated\r\n");
    expect(executeHmp(none, "balloon 128")).toEqual({output: "Error: No balloon device has been activated\r\n", state: none, effects: []});
    expect(executeHmp(none, "balloon -1").output).toBe(`enter a positive value${help}`);
  });
  test("actual is shown in whole MiB", () => {
    expect(executeHmp({balloon: {path, actual: kib(2047), pollingInterval: seconds(0), stats: {lastUpdate: 0}}}, "info balloon").output).toBe("balloon: actual=1\r\n");
  });
});
