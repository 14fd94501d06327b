import {describe, expect, test} from "vitest";
import {readXlCfg, readXlMemory} from "../../../src/domain/formats/xl-cfg.ts";
import {readXlValues} from "../../../src/domain/formats/xl-values.ts";

describe("taking a file apart", () => {
  test("numbers, strings, lists over lines, comments and semicolons", () => {
    const {values, problems} = readXlValues(`name = "a b"; memory = 512 # MiB\ndisk = [ 'x',\n  "y", # z\n  ["n"] ]\nextra = '''a\nb'''\nvcpus=2`);
    expect([...values].map(([key, {kind, text, items}]) => [key, kind, kind === "list" ? items.length : text])).toEqual([
      ["name", "string", "a b"],
      ["memory", "number", "512"],
      ["disk", "list", 3],
      ["extra", "string", "a\nb"],
      ["vcpus", "number", "2"]
    ]);
    expect(problems).toEqual([]);
  });
  test("where a value stands", () => {
    expect(readXlValues("a = 1\n  memory = 512").values.get("memory")?.span).toEqual({start: 17, end: 20});
  });
  test("Python is passed over with a note", () => {
    const {values, problems} = readXlValues("import os\nif x == 1:\n  memory = 5 * 2\nmemory = 7\n");
    expect(values.get("memory")).toMatchObject({kind: "other", text: "5 * 2"});
    expect(problems.map(({code}) => code)).toEqual(["not-read", "not-read", "repeated"]);
  });
  test.each([
    ["a = [1, 2", "a list is not closed"],
    ["a = 'x\n", "a string is not closed"],
    ["a = " + "[".repeat(40), "lists are nested too deep"],
    ['a = """x', "a string is not closed"]
  ])("%j is refused", (text, message) => expect(() => readXlValues(text)).toThrow(message));
});

describe("sizes", () => {
  test.each([
    ["memory = 394\nmaxmem = 579", "394", "579"],
    ["memory = '512'", "512", "512"],
    ["maxmem = 64", "128", "64"],
    ["memory = 0x200", "512", "512"],
    ["memory = 256 * 2 + 1", "513", "513"],
    ["vcpus = 1", "128", "128"],
    ["memory = 10\nmemory = 20", "10", "10"]
  ])("%j", (text, memory, maxmem) => {
    const {spec} = readXlCfg(text);
    expect([spec.currentMemory?.text, spec.memory?.text, spec.memory?.unit]).toEqual([memory, maxmem, "MiB"]);
  });
  test.each(["memory = -1", "memory = 1.5", "memory = 512M", "memory = [1]", "memory = 99999999999999999", "memory = 2 * x"])("%j is refused", (text) => {
    expect(() => readXlCfg(text)).toThrow("config value memory was malformed");
  });
  test("virtual nodes, type and what is mentioned", () => {
    const reading = readXlCfg('type="hvm"\nmemory=1024\nvnuma=[["pnode=0","size=512","vcpus=0"],["pnode=1","size=512"],["x"]]\npci=["01:00.0"]\nfirmware="ovmf"\nviridian=1\ne820_host=1');
    expect(reading.spec.numa?.map(({memory}) => memory?.text)).toEqual(["512", "512"]);
    expect(reading.xenType).toBe("hvm");
    expect(reading.mentions.map(({what}) => what)).toEqual(["vfio", "host-map", "efi", "windows"]);
    expect(readXlCfg("builder='hvm'").xenType).toBe("hvm");
    expect(readXlCfg("type='pvh'").xenType).toBe("pvh");
    expect(readXlCfg("a=1").xenType).toBe("pv");
  });
  test("a file without a key", () => expect(() => readXlCfg("# nothing")).toThrow(expect.objectContaining({code: "not-xl"})));
  test("memory and maxmem alone", () => expect(readXlMemory("memory=5")).toEqual({memory: 5, maxmem: undefined}));
});
