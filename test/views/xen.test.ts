import {expect, test} from "vitest";
import {resolveXenMachine} from "../../src/domain/xen/machine.ts";
import {kib} from "../../src/units.ts";
import {xlDmesg} from "../../src/views/xen-log.ts";
import {xlList} from "../../src/views/xen-list.ts";
import {xenMemory} from "../../src/views/xen-memory.ts";
import {xenstoreMemory} from "../../src/views/xen-store.ts";

test("xl list", () => {
  const machine = resolveXenMachine({type: "pv", memory: kib(512000)});
  const domain = {name: "u1", id: 1, machine, target: kib(511999), staticMax: kib(1048576), videoram: kib(0), current: kib(511996), vcpus: 1};
  expect(xlList([domain])).toMatchObject({tool: "xl list", version: "Xen 4.17"});
  expect(xlList([domain]).text).toBe("Name                                        ID   Mem VCPUs\tState\tTime(s)\nu1                                           1   499     1     -b----       0.0");
});

test("xenstore-ls", () => {
  expect(xenstoreMemory({target: 511999, staticMax: 1048576, videoram: 0}).text).toBe('static-max = "1048576"\ntarget = "511999"\nvideoram = "0"');
});

test("the driver's files", () => {
  expect(xenMemory({target: 524288, current: 1048576, low: 0, delay: 2, maxDelay: 20, retries: 2, maxRetries: 4}).text.split("\n")).toEqual([
    "info/current_kb:1048576",
    "info/high_kb:0",
    "info/low_kb:0",
    "max_retry_count:4",
    "max_schedule_delay:20",
    "retry_count:2",
    "schedule_delay:2",
    "target:536870912",
    "target_kb:524288"
  ]);
});

test("xl dmesg: Xen's lines only, repeated, with the domain's number", () => {
  const entry = (text: string, count: number): {at: number; source: "host"; text: string; count: number; until: number} => ({at: 0, source: "host", text, count, until: 0});
  const log = [entry("(XEN) d<domid>v0 Over-allocation for d<domid>: 3 > 2", 3), entry("the domain was destroyed", 1)];
  const line = "(XEN) d7v0 Over-allocation for d7: 3 > 2";
  expect(xlDmesg(log, 7).text.split("\n")).toEqual([line, line, line]);
  expect(xlDmesg(log, 7, 2).text.split("\n")).toEqual([line, line]);
});
