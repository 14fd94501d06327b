import {describe, expect, test} from "vitest";
import {LLONG_MAX, parseInt32, parseUint32, scanSigned, scanUnsigned, ULLONG_MAX} from "../../../src/domain/libvirt/c-integer.ts";

describe("unsigned numbers at the front of a text", () => {
  test.each([
    ["5", 5n, ""],
    ["5MiB", 5n, "MiB"],
    ["0x10", 0n, "x10"],
    [" \t\n\v\f\r7", 7n, ""],
    ["+7M", 7n, "M"],
    ["007", 7n, ""],
    ["1.5G", 1n, ".5G"],
    ["4097 KiB", 4097n, " KiB"],
    ["18446744073709551615", ULLONG_MAX, ""]
  ])("%j", (text, value, rest) => {
    expect(scanUnsigned(text)).toEqual({value, minus: false, rest});
  });

  test.each(["", " ", "abc", "-1", "-0", "+", "--5", "18446744073709551616", "99999999999999999999"])("%j is none", (text) => {
    expect(scanUnsigned(text)).toBeNull();
  });
});

describe("signed numbers at the front of a text", () => {
  test.each([
    ["-1", -1n, true, ""],
    ["-99M", -99n, true, "M"],
    ["512", 512n, false, ""],
    ["9223372036854775807", LLONG_MAX, false, ""],
    ["-9223372036854775808", -LLONG_MAX - 1n, true, ""]
  ])("%j", (text, value, minus, rest) => {
    expect(scanSigned(text)).toEqual({value, minus, rest});
  });

  test.each(["9223372036854775808", "-9223372036854775809", "x", ""])("%j is none", (text) => {
    expect(scanSigned(text)).toBeNull();
  });
});

describe("whole texts", () => {
  test.each([
    ["0", 0],
    ["-1", -1],
    ["2147483647", 2147483647],
    ["-2147483648", -2147483648],
    [" 5", 5]
  ])("%j is an int", (text, value) => {
    expect(parseInt32(text)).toBe(value);
  });
  test.each(["2147483648", "-2147483649", "5x", "", "99999999999"])("%j is no int", (text) => {
    expect(parseInt32(text)).toBeNull();
  });
  test.each([
    ["0", 0],
    ["4294967295", 4294967295],
    ["+3", 3]
  ])("%j is an unsigned int", (text, value) => {
    expect(parseUint32(text)).toBe(value);
  });
  test.each(["-1", "4294967296", "x", "", "3 "])("%j is no unsigned int", (text) => {
    expect(parseUint32(text)).toBeNull();
  });
});
