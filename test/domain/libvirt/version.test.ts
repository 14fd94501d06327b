import {expect, test} from "vitest";
import {atLeast, parseVersion, RECORDED_VERSION} from "../../../src/domain/libvirt/version.ts";

test("releases in order", () => {
  expect(RECORDED_VERSION).toEqual([9, 0, 0]);
  expect(atLeast([9, 0, 0], [9, 0, 0])).toBe(true);
  expect(atLeast([9, 0, 1], [9, 0, 0])).toBe(true);
  expect(atLeast([1, 2, 15], [1, 2, 16])).toBe(false);
  expect(atLeast([2, 0, 0], [1, 9, 9])).toBe(true);
  expect(atLeast([0, 10, 0], [1, 0, 0])).toBe(false);
});

test("a release in a text", () => {
  expect(parseVersion("libvirt 9.0.0 (Debian 9.0.0-4+deb12u2)")).toEqual([9, 0, 0]);
  expect(parseVersion("10.11.12")).toEqual([10, 11, 12]);
  expect(parseVersion("none")).toBeNull();
});

test("a release that begins alike is told apart by its last number", () => {
  expect(atLeast([9, 1, 0], [9, 0, 5])).toBe(true);
  expect(atLeast([9, 0, 4], [9, 0, 5])).toBe(false);
});
