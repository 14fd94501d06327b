import {describe, expect, test} from "vitest";
import {parseBalloon, parseMemoryDevice} from "../../../src/domain/libvirt/parse-devices.ts";
import {errorOf, size} from "./fixture.ts";

describe("the balloon", () => {
  test("none named gets the driver's own", () => {
    expect(parseBalloon(undefined, "virtio")).toEqual({model: "virtio", autodeflate: false, freePageReporting: false, period: 0});
    expect(parseBalloon([], "none").model).toBe("none");
  });
  test("all that can be said of one", () => {
    expect(parseBalloon([{model: "virtio", autodeflate: "on", freePageReporting: "on", period: "10"}], "none")).toEqual({
      model: "virtio",
      autodeflate: true,
      freePageReporting: true,
      period: 10
    });
    expect(parseBalloon([{model: "none", autodeflate: "off", period: "-3"}], "virtio")).toEqual({model: "none", autodeflate: false, freePageReporting: false, period: 0});
  });
  test.each(["virtio", "xen", "none", "virtio-transitional", "virtio-non-transitional"])("model %s", (model) => {
    expect(parseBalloon([{model}], "virtio").model).toBe(model);
  });
  test.each([
    [[{model: "virtio"}, {model: "none"}], "only a single memory balloon device is supported"],
    [[{}], "Missing required attribute 'model' in element 'memballoon'"],
    [[{model: "foo"}], "Invalid value for attribute 'model' in element 'memballoon': 'foo'."],
    [[{model: "virtio", autodeflate: "yes"}], "Invalid value for attribute 'autodeflate' in element 'memballoon': 'yes'."],
    [[{model: "virtio", freePageReporting: ""}], "Invalid value for attribute 'freePageReporting' in element 'memballoon': ''."],
    [[{model: "virtio", period: "x"}], "Invalid value for attribute 'period' in element 'stats': 'x'. Expected integer value"]
  ])("%j is refused", (balloons, message) => {
    expect(errorOf(() => parseBalloon(balloons, "virtio"))).toEqual(["VIR_ERR_XML_ERROR", `XML error: ${message}`]);
  });
});

describe("a memory device", () => {
  test("a DIMM has a size and perhaps a node; blocks are virtio-mem's", () => {
    const given = {size: size("256", "MiB"), node: "0", block: size("2", "MiB"), requested: size("128", "MiB")};
    expect(parseMemoryDevice({model: "dimm", ...given})).toEqual({model: "dimm", size: 262144, node: 0, block: 0, requested: 0});
    expect(parseMemoryDevice({model: "virtio-mem", ...given})).toEqual({model: "virtio-mem", size: 262144, node: 0, block: 2048, requested: 131072});
    expect(parseMemoryDevice({model: "nvdimm", size: size("1")}).node).toBeNull();
    expect(parseMemoryDevice({model: "dimm", size: size("1"), node: ""}).node).toBeNull();
    expect(parseMemoryDevice({model: "nvdimm", size: size("129"), label: size("128")})).toMatchObject({size: 129, label: 128});
    expect(parseMemoryDevice({model: "nvdimm", size: size("129"), label: size("0")})).not.toHaveProperty("label");
    expect(parseMemoryDevice({model: "dimm", size: size("1"), label: size("128")})).not.toHaveProperty("label");
  });
  test.each([
    [{model: "ram", size: size("1")}, "Invalid value for attribute 'model' in element 'memory': 'ram'."],
    [{model: "dimm"}, "missing element or attribute './size'"],
    [{model: "dimm", size: size("1"), node: "-1"}, "invalid value of memory device node"],
    [{model: "dimm", node: "x"}, "invalid value of memory device node"],
    [{model: "nvdimm", size: size("1024"), label: size("127")}, "nvdimm label must be at least 128KiB"],
    [{model: "nvdimm", size: size("128"), label: size("128")}, "label size must be smaller than NVDIMM size"],
    [{model: "nvdimm", size: size("1024"), label: size("x")}, "Invalid value 'x' for element or attribute './label/size'"],
    [{model: "virtio-mem", size: size("1"), block: size("y")}, "Invalid value 'y' for element or attribute './block'"],
    [{model: "virtio-mem", size: size("1"), requested: size("z")}, "Invalid value 'z' for element or attribute './requested'"]
  ])("%j is refused", (given, message) => {
    expect(errorOf(() => parseMemoryDevice(given))).toEqual(["VIR_ERR_XML_ERROR", `XML error: ${message}`]);
  });
});
