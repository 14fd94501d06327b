import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {UNLIMITED} from "../../../src/domain/libvirt/domain-def.ts";
import {parseMemory, parseMemoryLimit} from "../../../src/domain/libvirt/memory-text.ts";
import {errorOf, size} from "./fixture.ts";

const path = "./memory[1]";

describe("a memory size", () => {
  test.each([
    ["1048576", "KiB", 1048576],
    ["1048576", null, 1048576],
    ["1048576", "", 1048576],
    ["1", "b", 1],
    ["1023", "b", 1],
    ["1025", "b", 2],
    ["1", "KB", 1],
    ["1048576", "KB", 1024000],
    ["214", "MiB", 219136],
    ["500", "MB", 488282],
    ["+5", "MiB", 5120],
    ["007", "MiB", 7168],
    ["0", "KiB", 0],
    ["7", "E", 7881299347898368],
    ["9007199254740991", null, 9007199254740991]
  ])("%j %j is %d KiB", (text, unit, kib) => {
    expect(parseMemory(path, {text, unit})).toBe(kib);
  });

  test.each(["-5", "abc", "1.5", " 77 ", "77\n", "0x100000", "1e3", "99999999999999999999"])("%j is no number", (text) => {
    expect(errorOf(() => parseMemory(path, size(text)))).toEqual(["VIR_ERR_XML_ERROR", `XML error: Invalid value '${text}' for element or attribute './memory[1]'`]);
  });

  test("a bad number is said before a bad unit", () => {
    expect(errorOf(() => parseMemory(path, size("x", "q")))[0]).toBe("VIR_ERR_XML_ERROR");
    expect(errorOf(() => parseMemory(path, size("5", "q")))).toEqual(["VIR_ERR_INVALID_ARG", "invalid argument: unknown suffix 'q'"]);
  });

  test("the last byte below the limit is one too many once it is KiB", () => {
    expect(errorOf(() => parseMemory(path, size("9223372036854775807", "b")))).toEqual(["VIR_ERR_OVERFLOW", "numerical overflow: size value too large"]);
    expect(parseMemory(path, size("9223372036854774784", "b"))).toBe(9007199254740991);
    expect(errorOf(() => parseMemory(path, size("9223372036854775808", "b")))[1]).toBe("numerical overflow: value too large: 9223372036854775808b");
  });

  test("absent or empty is 0, or missing where it is required", () => {
    expect([null, undefined, size(""), size("", "q")].map((given) => parseMemory(path, given))).toEqual([0, 0, 0, 0]);
    expect(errorOf(() => parseMemory("./@memory", null, true))).toEqual(["VIR_ERR_XML_ERROR", "XML error: missing element or attribute './@memory'"]);
  });
});

describe("a limit", () => {
  test("absent is unlimited; 0 is a limit", () => {
    expect(parseMemoryLimit(path, null)).toBe(UNLIMITED);
    expect(parseMemoryLimit(path, size("0"))).toBe(0);
    expect(parseMemoryLimit(path, size("1", "GB"))).toBe(976563);
    expect(parseMemoryLimit(path, size("9007199254740991"))).toBe(UNLIMITED);
  });
  test("more than unlimited is too large", () => {
    expect(errorOf(() => parseMemoryLimit(path, size("9007199254740992", null)))[1]).toBe("numerical overflow: value too large: 9007199254740992");
    expect(errorOf(() => parseMemoryLimit(path, size("-1")))[0]).toBe("VIR_ERR_XML_ERROR");
  });
});

test("a larger text is never a smaller size, and sizes are whole", () => {
  const number = fc.nat({max: 2 ** 40});
  fc.assert(
    fc.property(number, number, fc.constantFrom("b", "KiB", "kB", "MB", null), (a, b, unit) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)].map((n) => parseMemory(path, {text: `${n}`, unit}));
      expect((low ?? 0) <= (high ?? 0)).toBe(true);
      expect(Number.isSafeInteger(high)).toBe(true);
    }),
    {numRuns: 10_000}
  );
});
