import {describe, expect, test} from "vitest";
import {formatMemoryArgument, qemuMemoryArguments} from "../../../src/domain/formats/qemu-argv.ts";
import {formatXlMemory, parseXlMemory, readXlMemory} from "../../../src/domain/formats/xl-cfg.ts";
import {kib} from "../../../src/units.ts";
import {definition} from "../libvirt/fixture.ts";

describe("xl.cfg", () => {
  test("MiB in, KiB out; maxmem is memory where it is left out, memory 128 MiB", () => {
    expect(parseXlMemory({memory: 500, maxmem: 1024})).toEqual({total: 1048576, current: 512000});
    expect(parseXlMemory({memory: 500})).toEqual({total: 512000, current: 512000});
    expect(parseXlMemory({maxmem: 64})).toEqual({total: 65536, current: 65536});
    expect(parseXlMemory({})).toEqual({total: 131072, current: 131072});
    expect(parseXlMemory({memory: 2048, maxmem: 1024})).toEqual({total: 1048576, current: 1048576});
  });
  test("KiB in, MiB out, rounded up", () => {
    expect(formatXlMemory({total: kib(1048576), current: kib(512000)})).toEqual({maxmem: 1024, memory: 500});
    expect(formatXlMemory({total: kib(1048577), current: kib(511999)})).toEqual({maxmem: 1025, memory: 500});
  });
  test("keys in a text", () => {
    expect(readXlMemory('name = "n1"; maxmem = 1024; memory = 500; vcpus = 1')).toEqual({memory: 500, maxmem: 1024});
    expect(readXlMemory("memory=394\nmaxmem='579'\n")).toEqual({memory: 394, maxmem: 579});
    expect(readXlMemory("videomemory = 4")).toEqual({memory: undefined, maxmem: undefined});
  });
});

describe("-m", () => {
  test.each([
    [1048576, "1024", "1073741824"],
    [219100, "214", "224395264"],
    [1, "1", "1048576"],
    [7881299347898368, "7696581394432", "8070450532247928832"]
  ])("%d KiB", (total, argument, backendBytes) => {
    const memory = qemuMemoryArguments(definition({total: kib(total)}));
    expect(memory).toEqual({memory: Number(argument), maxmem: null, slots: 0, backendBytes});
    expect(formatMemoryArgument(memory)).toBe(argument);
  });
  test("with room for devices it has sizes, slots and the room", () => {
    const def = definition({total: kib(786432), max: kib(4194304), slots: 4, devices: [{model: "dimm", size: kib(262144), node: 0, block: kib(0), requested: kib(0)}]});
    expect(formatMemoryArgument(qemuMemoryArguments(def))).toBe("size=524288k,slots=4,maxmem=4194304k");
  });
});
