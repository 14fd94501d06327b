import {describe, expect, test} from "vitest";
import {readXenAct, testsMemory, type XenAct} from "../../../src/check/xen/acts.ts";
import {freeSections, hotAddedRange} from "../../../src/check/xen/resources.ts";
import {turningPoints, withoutRepeats} from "../../../src/check/xen/series.ts";
import {parseDom0Mem, xenMachineSpecOf, xenScenarioOf, xlConfig} from "../../../src/check/xen/setup.ts";
import {parseRecording} from "../../../src/check/parse.ts";
import type {JsonObject, RecordedStep} from "../../../src/check/types.ts";
import {resolveXenMachine, type XenMachineSpec} from "../../../src/domain/xen/machine.ts";
import {bootXen} from "../../../src/guest/boot/xen-boot.ts";
import {kib} from "../../../src/units.ts";

const MIB = 1024;
const step = (tool: string, text: string): RecordedStep => ({path: "steps[0]", act: {tool, text}, raw: {}, tSeconds: null, after: {}});
const act = (tool: string, text: string): XenAct => readXenAct(step(tool, text));
const recorded = (setup: JsonObject): ReturnType<typeof parseRecording> => parseRecording({about: "", recorded: {}, setup, steps: [{act: {tool: "xl"}}]}, "x");

describe("acts", () => {
  test.each<[string, string, XenAct]>([
    ["xl", "xl create guest.cfg", {kind: "create", paused: false, file: "guest.cfg"}],
    ["xl", "xl create -p guest.cfg", {kind: "create", paused: true, file: "guest.cfg"}],
    ["xl", "xl unpause guest", {kind: "unpause"}],
    ["xl", "xl mem-set guest 1", {kind: "xl", command: "xl mem-set guest 1"}],
    ["xen", "boot Xen and dom0", {kind: "boot-dom0"}],
    ["wait", "30 s", {kind: "wait"}],
    ["guest", "echo 786432 > /sys/devices/system/xen_memory/xen_memory0/target_kb", {kind: "event", event: {type: "guest-target", target: kib(786432)}}],
    ["dom0 shell", "echo 300000 > target_kb", {kind: "event", event: {type: "guest-target", target: kib(300000)}}],
    ["guest", "echo 1073742847 > target", {kind: "event", event: {type: "guest-target", target: kib(1048576)}}],
    ["guest", "hog 1200", {kind: "event", event: {type: "allocate", name: "hog", size: kib(1200 * MIB), rate: 1200 * MIB}}],
    ["guest", "kill $(pidof hog)", {kind: "event", event: {type: "free", name: "hog"}}],
    ["guest", "killall hog", {kind: "event", event: {type: "free", name: "hog"}}],
    ["guest", "echo online > /sys/devices/system/memory/memory32/state", {kind: "event", event: {type: "online-memory"}}],
    ["guest", "ls", {kind: "unknown"}],
    ["xenstore", "xenstore-write /local/domain/<domid>/memory/target 4194304", {kind: "event", event: {type: "xenstore-target", target: kib(4194304)}}],
    ["xenstore", "xenstore-rm /x", {kind: "unknown"}],
    ["telnet", "", {kind: "unknown"}]
  ])("%s: %s", (tool, text, expected) => expect(act(tool, text)).toEqual(expected));

  test("a kernel that tests its memory writes to all of it", () => {
    expect(["memtest=2", "quiet memtest=17", "memtest=0", "nomemtest=1", ""].map(testsMemory)).toEqual([true, true, false, false, false]);
  });
});

describe("setups", () => {
  test("xl.cfg lines, quoted or not", () => {
    expect(xlConfig({xlConfig: ['name="u1"', "memory=500", 'extra="a=b c"', "nonsense", 7]})).toEqual({name: "u1", memory: "500", extra: "a=b c"});
  });

  test("typed sizes first, the file's own where they are missing", () => {
    const spec = (setup: JsonObject): XenMachineSpec => xenMachineSpecOf(recorded(setup));
    expect(spec({type: "pvh", memoryMiB: 1024, maxmemMiB: 2048, vcpus: 2, xlConfig: ['extra="quiet"', "memory=7"]})).toEqual({type: "pvh", memory: 1024 * MIB, maxmem: 2048 * MIB, videoram: 0, mmioHole: undefined, vcpus: 2, commandLine: "quiet"});
    expect(spec({xlConfig: ["memory=512", "maxmem=700", 'type="hvm"', "mmio_hole=1024"]})).toMatchObject({type: "hvm", memory: 512 * MIB, maxmem: 700 * MIB, videoram: 8 * MIB, mmioHole: 1024 * MIB});
  });

  test("video memory of an HVM guest: what its display takes at least", () => {
    const video = (...lines: string[]): unknown => xenMachineSpecOf(recorded({type: "hvm", memoryMiB: 512, xlConfig: lines})).videoram;
    expect([video('vga="none"'), video('vga="stdvga"'), video('vga="cirrus"'), video("stdvga=1"), video('vga="stdvga"', "videoram=64"), video("videoram=4")]).toEqual([0, 16, 8, 16, 64, 8].map((n) => n * MIB));
  });

  test("dom0: sizes of Xen's command line, the kernel's words, the machine", () => {
    expect(parseDom0Mem("loglvl=all dom0_mem=500M,max:1024M")).toEqual({memory: 500 * MIB, maxmem: 1024 * MIB});
    expect(parseDom0Mem("dom0_mem=1G")).toEqual({memory: 1024 * MIB, maxmem: 1024 * MIB});
    expect(parseDom0Mem("loglvl=all")).toBeNull();
    const setup = {xenCommandLine: "dom0_mem=500M,max:1024M", dom0MemoryMiB: 500, hostMemoryMiB: 2048, hostQemuArguments: ["qemu-system-x86_64", "-m", "2048", "-initrd", "vmlinuz console=ttyS0 panic=-1,initrd"]};
    expect(xenScenarioOf(recorded(setup))).toMatchObject({name: "Domain-0", machine: {type: "dom0", memory: 500 * MIB, maxmem: 1024 * MIB, commandLine: "console=ttyS0 panic=-1", hostMachine: {memory: 2048 * MIB}}});
  });

  test("a libvirt domain by its osType", () => {
    const type = (osType: string): string => xenMachineSpecOf(recorded({domain: {type: "xen", osType, memoryMiB: 1024, currentMemoryMiB: 500}})).type;
    expect(["linux (PV)", "xenpvh", "hvm"].map(type)).toEqual(["pv", "pvh", "hvm"]);
    expect(xenMachineSpecOf(recorded({domain: {memoryMiB: 1024}}))).toMatchObject({memory: 1024 * MIB, maxmem: 1024 * MIB});
  });

  test("the driver's limits as the guest shows them", () => {
    expect(xenScenarioOf(recorded({memoryMiB: 512, xlConfig: [], balloonDriver: {maxRetryCount: 7, maxScheduleDelaySeconds: 3}}))).toMatchObject({name: "guest", driver: {maxRetryCount: 7, maxScheduleDelay: 3}});
    expect(xenScenarioOf(recorded({memoryMiB: 512, xlConfig: []})).driver).toEqual({});
  });

  test.each([{domain: {}}, {xlConfig: []}])("no size: %j", (setup) => {
    expect(() => xenMachineSpecOf(recorded(setup as JsonObject))).toThrow(expect.objectContaining({code: "malformed-recording"}));
  });
});

describe("series", () => {
  test("turning points: where a column starts, turns and ends", () => {
    expect(withoutRepeats([1, 1, 2, 2, 1])).toEqual([1, 2, 1]);
    expect(turningPoints([5, 5, 4, 3, 3, 2, 6, 7, 7, 1])).toEqual([5, 2, 7, 1]);
    expect(turningPoints([3, 3])).toEqual([3]);
    expect(turningPoints([])).toEqual([]);
  });
});

describe("places for added memory", () => {
  const boot = (memory: number, type: "pv" | "pvh" = "pv"): ReturnType<typeof bootXen> => bootXen(resolveXenMachine({type, memory: kib(memory * MIB)}));
  const section = 128 * 2 ** 20;
  test("behind RAM while it fits below the interrupt controllers, else from 4 GiB on", () => {
    expect(freeSections(boot(2048), section)).toEqual({start: 2 ** 31, end: 2 ** 31 + section - 1});
    expect(freeSections(boot(2816), 10 * section)).toEqual({start: 2 ** 32, end: 2 ** 32 + 10 * section - 1});
    expect(freeSections(boot(2048, "pvh"), section)).toEqual({start: 2 ** 31, end: 2 ** 31 + section - 1});
    expect(freeSections(boot(6144), section)).toEqual({start: 6 * 2 ** 30, end: 6 * 2 ** 30 + section - 1});
    expect(freeSections(boot(1000), section).start).toBe(1024 * 2 ** 20);
  });

  test("nothing was added when nothing is counted beyond what there was", () => {
    expect(hotAddedRange(boot(2048), 524288, 524288)).toBeNull();
    expect(hotAddedRange(boot(2048), 524288 + 32768, 524288)).toEqual({start: 2 ** 31, end: 2 ** 31 + section - 1});
  });
});
