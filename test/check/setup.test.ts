import {describe, expect, test} from "vitest";
import {parseRecording} from "../../src/check/parse.ts";
import {deviceSwitch, parseQemuArguments, parseQemuSize} from "../../src/check/qemu-arguments.ts";
import {argumentsOf, machineSpecOf} from "../../src/check/setup.ts";
import type {JsonObject} from "../../src/check/types.ts";
import type {MachineSpec} from "../../src/domain/machine.ts";

const nothing = {memory: undefined, maxMemory: undefined, slots: undefined, machine: undefined, maxRamBelow4g: undefined, acpi: undefined, vcpus: undefined, maxVcpus: undefined, cpu: undefined, commandLine: undefined, firmware: undefined, devices: []};
const args = (line: string): ReturnType<typeof parseQemuArguments> => parseQemuArguments(line.split(" "));

describe("QEMU's arguments", () => {
  test("say nothing when there are none", () => {
    expect(parseQemuArguments([])).toEqual(nothing);
  });

  test.each([
    ["-m 2048", {memory: 2097152}],
    ["-m 2G", {memory: 2097152}],
    ["-m size=2048k,slots=2,maxmem=8G", {memory: 2048, slots: 2, maxMemory: 8388608}],
    ["-m 1024,slots=2,maxmem=4096M", {memory: 1048576, slots: 2, maxMemory: 4194304}],
    ["-m 512 -m 1024", {memory: 1048576}],
    ["-machine pc", {machine: "pc"}],
    ["-M q35", {machine: "q35"}],
    ["-machine type=q35,accel=tcg", {machine: "q35"}],
    ["-machine pc-i440fx-7.2,usb=off,max-ram-below-4g=2G,acpi=off", {machine: "pc-i440fx-7.2", maxRamBelow4g: 2097152, acpi: false}],
    ["-machine pc,max-ram-below-4g=1073741824", {machine: "pc", maxRamBelow4g: 1048576}],
    ["-machine pc,acpi=on", {machine: "pc", acpi: true}],
    ["-machine pc -machine acpi=off", {machine: "pc", acpi: false}],
    ["-no-acpi", {acpi: false}],
    ["-smp 2", {vcpus: 2}],
    ["-smp cpus=3", {vcpus: 3}],
    ["-smp 1,maxcpus=4,sockets=4", {vcpus: 1, maxVcpus: 4}],
    ["-cpu Nehalem", {cpu: "Nehalem"}],
    ["-append nokaslr", {commandLine: "nokaslr"}],
    ["-bios OVMF.fd", {firmware: "OVMF.fd"}],
    ["-drive if=pflash,file=CODE.fd -drive if=none,file=d", {firmware: "CODE.fd"}],
    ["-drive if=none,file=d", {}],
    ["-m", {}]
  ])("%s", (line, expected) => {
    expect(args(line)).toEqual({...nothing, ...expected});
  });

  test("devices, as words or JSON", () => {
    expect(args("-device virtio-balloon-pci,id=b0,deflate-on-oom=on -device driver=VGA,x -device").devices).toEqual([
      {name: "virtio-balloon-pci", properties: {id: "b0", "deflate-on-oom": "on"}},
      {name: "VGA", properties: {driver: "VGA", x: "on"}},
      {name: "", properties: {}}
    ]);
    expect(parseQemuArguments(["-device", '{"driver":"virtio-balloon-pci","deflate-on-oom":true,"free-page-reporting":false,"n":3}']).devices).toEqual([
      {name: "virtio-balloon-pci", properties: {driver: "virtio-balloon-pci", "deflate-on-oom": "on", "free-page-reporting": "off", n: "3"}}
    ]);
    expect(parseQemuArguments(["-device", "{}"]).devices).toEqual([{name: "", properties: {}}]);
  });

  test("a device in broken JSON is named", () => {
    expect(() => parseQemuArguments(["-device", "{x"])).toThrow(expect.objectContaining({code: "malformed-recording", path: "setup.qemuArguments", message: "invalid device: {x", expected: "name,key=value or a JSON object", hint: "give the device as QEMU takes it"}));
  });

  test("a doubled comma is part of the value", () => {
    expect(args("-device a,b=c,,d,e=f").devices[0]?.properties).toEqual({b: "c,d", e: "f"});
  });

  test("switches", () => {
    const device = {name: "d", properties: {a: "on", b: "off", c: "yes", d: "true", e: "no"}};
    expect(["a", "b", "c", "d", "e", "f"].map((name) => deviceSwitch(device, name))).toEqual([true, false, true, true, false, undefined]);
  });

  test.each([
    ["1", "M", 1024],
    ["1", "B", 1 / 1024],
    ["1b", "M", 1 / 1024],
    ["1k", "M", 1],
    ["1.5G", "M", 1572864],
    ["1T", "B", 2 ** 30]
  ] as const)("%s with %s is %d KiB", (text, unit, expected) => {
    expect(parseQemuSize(text, unit, "p")).toBe(expected);
  });

  test.each(["", "G", "1X", "1 G", "-1", "x1G", "1Gx"])("%j is no size", (text) => {
    expect(() => parseQemuSize(text, "M", "p")).toThrow(expect.objectContaining({code: "malformed-recording", path: "p", message: `invalid size: ${text}`, expected: "a number with B, K, M, G or T", hint: "give the size as QEMU takes it"}));
  });

  test("a bad size names the argument list", () => {
    expect(() => args("-m x")).toThrow(expect.objectContaining({path: "setup.qemuArguments"}));
    expect(() => parseQemuArguments(["-m", "x"], "here")).toThrow(expect.objectContaining({path: "here"}));
  });
});

describe("a recording's machine", () => {
  const spec = (setup: JsonObject, recorded: JsonObject = {}): MachineSpec => machineSpecOf(parseRecording({about: "a", recorded, setup, steps: [{act: {tool: "qemu"}}]}, "x.json"));
  const fromArgs = (line: string, more: JsonObject = {}): MachineSpec => spec({...more, qemuArguments: ["qemu-system-x86_64", ...line.split(" ")]});

  test("from the argument list", () => {
    expect(fromArgs("-machine q35 -m 1024 -smp 2 -append quiet -device virtio-balloon-pci,id=b0,deflate-on-oom=on", {memoryMiB: 5, machine: "pc", vcpus: 7})).toEqual({
      memory: 1048576,
      machine: "q35",
      maxRamBelow4g: undefined,
      firmware: undefined,
      virtioDisks: 0,
      vcpus: 2,
      maxVcpus: undefined,
      acpi: undefined,
      cpu: {},
      balloon: {deflateOnOom: true, freePageReporting: false},
      hotplug: null,
      kernel: {commandLine: "quiet"}
    });
  });

  test("from the typed setup where there is no list", () => {
    expect(spec({memoryMiB: 2048, machine: "pc", vcpus: 1, balloonDevice: "virtio-balloon-pci", freePageReporting: true}, {guestKernel: "Linux 6.1.0-56-amd64 (Debian)"})).toEqual({
      memory: 2097152,
      machine: "pc",
      maxRamBelow4g: undefined,
      firmware: undefined,
      virtioDisks: undefined,
      vcpus: 1,
      maxVcpus: undefined,
      acpi: undefined,
      cpu: {},
      balloon: {deflateOnOom: false, freePageReporting: true},
      hotplug: null,
      kernel: {version: "6.1.0-56-amd64"}
    });
  });

  test("no balloon: not among the devices, or stated as null", () => {
    expect(fromArgs("-m 1", {balloonDevice: "virtio-balloon-pci"}).balloon).toBeNull();
    expect(spec({memoryMiB: 1, balloonDevice: null}).balloon).toBeNull();
    expect(spec({memoryMiB: 1}).balloon).toBeNull();
  });

  test("the list's switches win over the typed ones", () => {
    expect(fromArgs("-m 1 -device virtio-balloon-pci", {deflateOnOom: true}).balloon).toEqual({deflateOnOom: true, freePageReporting: false});
    expect(fromArgs("-m 1 -device virtio-balloon-pci,deflate-on-oom=off", {deflateOnOom: true}).balloon).toEqual({deflateOnOom: false, freePageReporting: false});
  });

  test("processors that say Intel", () => {
    expect(["Nehalem", "Skylake-Client-v1", "qemu64", "EPYC", "max", "core2duo"].map((cpu) => fromArgs(`-m 1 -cpu ${cpu}`).cpu)).toEqual([{vendor: "intel"}, {vendor: "intel"}, {}, {}, {}, {vendor: "intel"}]);
  });

  test("room for devices, disks and firmware", () => {
    expect(fromArgs("-m 1024,slots=2,maxmem=8G").hotplug).toEqual({maxMemory: 8388608, slots: 2});
    expect(fromArgs("-m 1024,maxmem=512M").hotplug).toEqual({maxMemory: 1048576, slots: 0});
    expect(fromArgs("-m 1 -device virtio-blk-pci,drive=d -device virtio-blk-pci,drive=e -device VGA").virtioDisks).toBe(2);
    expect(fromArgs("-m 1 -bios /usr/share/ovmf/OVMF.fd").firmware).toEqual({name: "ovmf"});
    expect(fromArgs("-m 1 -drive if=pflash,file=OVMF_CODE_4M.fd").firmware).toEqual({name: "ovmf"});
    expect(fromArgs("-m 1 -bios coreboot.rom").firmware).toEqual({name: "coreboot.rom", version: "unknown"});
    expect(fromArgs("-m 1 -bios /usr/share/seabios/bios-256k.bin").firmware).toBeUndefined();
    expect(fromArgs("-m 1 -bios bios.bin").firmware).toBeUndefined();
  });

  test("a machine without a name or a size", () => {
    expect(spec({memoryMiB: 1}).machine).toBeUndefined();
    expect(spec({memoryMiB: 1, machine: ""}).machine).toBeUndefined();
    expect(spec({memoryMiB: 1, machine: 3}).machine).toBeUndefined();
    expect(() => spec({})).toThrow(expect.objectContaining({code: "malformed-recording", path: "setup.memoryMiB", expected: "a memory size"}));
  });

  test("a kernel the file does not name is left to the defaults", () => {
    expect(spec({memoryMiB: 1}, {guestKernel: null}).kernel).toEqual({});
    expect(spec({memoryMiB: 1}, {guestKernel: "FreeBSD"}).kernel).toEqual({});
  });

  test("words of the list that are no text are passed over", () => {
    expect(argumentsOf({qemuArguments: ["a", 1, null, "b"]})).toEqual(["a", "b"]);
    expect(argumentsOf({qemuArguments: "a"})).toEqual([]);
    expect(argumentsOf({})).toEqual([]);
  });
});
