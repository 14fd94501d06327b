import {describe, expect, test} from "vitest";
import {isAtLeast, parseMachineType} from "../../src/domain/machine-type.ts";
import {ModelError} from "../../src/errors.ts";

describe("machine type names", () => {
  test.each([
    ["pc", "pc", null],
    ["q35", "q35", null],
    ["pc-i440fx-7.2", "pc", [7, 2]],
    ["pc-i440fx-2.12", "pc", [2, 12]],
    ["pc-1.3", "pc", [1, 3]],
    ["pc-q35-2.4", "q35", [2, 4]],
    ["pc-q35-4.0.1", "q35", [4, 0]],
    ["pc-i440fx-10.0", "pc", [10, 0]]
  ])("%s", (name, chipset, version) => {
    expect(parseMachineType(name)).toEqual({name, chipset, version});
  });

  test.each(["", "PC", "microvm", "isapc", "pc-i440fx", "pc-i440fx-7", "q35-7.2", "xpc-1.3", "pc-q35-2.4x", "xpc-q35-2.4", "pc-1.3b"])("%j is none", (name) => {
    expect(() => parseMachineType(name)).toThrow(ModelError);
  });

  test("the error names the field and what would do", () => {
    try {
      parseMachineType("virt", "domain.os.machine");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        message: "unknown machine type: virt",
        code: "unknown-machine-type",
        path: "domain.os.machine",
        expected: "pc, q35, pc-i440fx-<release> or pc-q35-<release>",
        hint: "name one of QEMU's two PC boards"
      });
    }
  });

  test("the field is called machine unless said otherwise", () => {
    expect(() => parseMachineType("virt")).toThrow(expect.objectContaining({path: "machine"}));
  });

  test.each([
    ["pc", 99, 0, true],
    ["pc-i440fx-2.0", 2, 0, true],
    ["pc-i440fx-2.0", 2, 1, false],
    ["pc-i440fx-1.7", 2, 0, false],
    ["pc-i440fx-3.0", 2, 11, true],
    ["pc-i440fx-2.12", 2, 11, true],
    ["pc-i440fx-2.9", 2, 11, false],
    ["pc-q35-1.9", 2, 1, false]
  ])("%s at least %i.%i: %s", (name, major, minor, expected) => {
    expect(isAtLeast(parseMachineType(name), major, minor)).toBe(expected);
  });
});
