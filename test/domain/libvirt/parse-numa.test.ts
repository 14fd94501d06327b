import {describe, expect, test} from "vitest";
import {parseCpuList, parseNuma} from "../../../src/domain/libvirt/parse-numa.ts";
import {errorOf, size} from "./fixture.ts";

describe("lists of processors", () => {
  test.each([
    ["0", [0]],
    ["0-3", [0, 1, 2, 3]],
    ["0-3,^2", [0, 1, 3]],
    ["0,2, 5", [0, 2, 5]],
    [" 1 - 2 ", [1, 2]],
    ["4,", [4]]
  ])("%j", (text, cpus) => {
    expect([...parseCpuList(text)]).toEqual(cpus);
  });
  test.each(["x", "3-1", "^0-2", "-1", "1,,2", ",", " "])("%j is none", (text) => {
    expect(errorOf(() => parseCpuList(text))).toEqual(["VIR_ERR_INVALID_ARG", `invalid argument: Failed to parse bitmap '${text}'`]);
  });
});

describe("cells", () => {
  const memory = size("256", "MiB");

  test("no <numa> has none; sizes come in order of id", () => {
    expect(parseNuma(null, 1)).toEqual([]);
    expect(parseNuma(undefined, 1)).toEqual([]);
    expect(parseNuma([{id: "1", memory: size("2")}, {id: "0", cpus: "0", memory: size("1")}], 1)).toEqual([1, 2]);
    expect(parseNuma([{cpus: "0", memory}, {memory}], 1)).toEqual([262144, 262144]);
  });

  test.each<readonly [string, Parameters<typeof parseNuma>[0], readonly [string, string]]>([
    ["none", [], ["VIR_ERR_XML_ERROR", "XML error: NUMA topology defined without NUMA cells"]],
    ["a bad id", [{id: "x", memory}], ["VIR_ERR_XML_ERROR", "XML error: Invalid value for attribute 'id' in element 'cell': 'x'. Expected non-negative integer value"]],
    [
      "an id beyond them",
      [{id: "3", memory}],
      ["VIR_ERR_XML_ERROR", "XML error: Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not starting from 0 are not allowed"]
    ],
    ["one twice", [{id: "0", memory}, {id: "0", memory}], ["VIR_ERR_XML_ERROR", "XML error: Duplicate NUMA cell info for cell id '0'"]],
    ["a processor in two", [{cpus: "0", memory}, {cpus: "0-1", memory}], ["VIR_ERR_CONFIG_UNSUPPORTED", "unsupported configuration: NUMA cells 1 and 0 have overlapping vCPU ids"]],
    ["no memory", [{cpus: "0"}], ["VIR_ERR_XML_ERROR", "XML error: missing element or attribute './@memory'"]],
    ["bad memory", [{cpus: "0", memory: size("x")}], ["VIR_ERR_XML_ERROR", "XML error: Invalid value 'x' for element or attribute './@memory'"]],
    ["too many processors", [{cpus: "0-3", memory}], ["VIR_ERR_INTERNAL_ERROR", "internal error: Number of CPUs in <numa> exceeds the <vcpu> count"]],
    ["a processor that is not there", [{cpus: "1", memory}], ["VIR_ERR_INTERNAL_ERROR", "internal error: CPU IDs in <numa> exceed the <vcpu> count"]]
  ])("%s", (_, cells, error) => {
    expect(errorOf(() => parseNuma(cells, 1))).toEqual(error);
  });

  test("a cell with no memory may be named again: libvirt tells cells apart by their memory", () => {
    expect(parseNuma([{id: "0", memory: size("0")}, {id: "0", memory: size("5")}], 1)).toEqual([5, 0]);
  });
});
