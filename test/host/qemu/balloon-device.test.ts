import {describe, expect, test} from "vitest";
import {actualMemory, NO_DEVICE, NOT_A_SIZE, requestTarget, wantedPages} from "../../../src/host/qemu/balloon-device.ts";
import {kib, mib, mibToKib} from "../../../src/units.ts";

const twoGib = mibToKib(mib(2048));

describe("the balloon device", () => {
  test("messages are QEMU's", () => {
    expect([NO_DEVICE, NOT_A_SIZE]).toEqual(["No balloon device has been activated", "Parameter 'target' expects a size"]);
  });

  test.each([
    [2 ** 31, 0],
    [2 ** 32, 0],
    [2 ** 31 - 1, 0],
    [2 ** 31 - 4096, 1],
    [2 ** 30, 262144],
    [2 ** 30 + 1, 262143],
    [2 ** 30 + 4095, 262143],
    [2 ** 30 + 4096, 262143],
    [2 ** 30 - 1, 262144],
    [1, 524287]
  ])("a target of %i bytes wants %i pages of 2 GiB", (bytes, pages) => {
    expect(wantedPages(twoGib, kib(bytes / 1024))).toBe(pages);
  });

  test("a request is written down and counted; 0 and less are refused", () => {
    const registers = {wanted: 5, given: 7, requests: 0};
    expect(requestTarget(registers, twoGib, kib(1048576))).toBe(true);
    expect(registers).toEqual({wanted: 262144, given: 7, requests: 1});
    expect(requestTarget(registers, twoGib, kib(1048576))).toBe(true);
    expect(registers.requests).toBe(2);
    expect(requestTarget(registers, twoGib, kib(0))).toBe(false);
    expect(requestTarget(registers, twoGib, kib(-1 / 1024))).toBe(false);
    expect(registers).toEqual({wanted: 262144, given: 7, requests: 2});
  });

  test("actual is memory less what the driver says", () => {
    expect(actualMemory({wanted: 9, given: 262143, requests: 0}, twoGib)).toBe(1048580);
  });
});
