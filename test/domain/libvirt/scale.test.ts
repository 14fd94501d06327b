import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {LLONG_MAX, ULLONG_MAX} from "../../../src/domain/libvirt/c-integer.ts";
import {LibvirtFailure} from "../../../src/domain/libvirt/error.ts";
import {bytesToKibUp, scaleInteger} from "../../../src/domain/libvirt/scale.ts";

const scale = (value: bigint, suffix: string, limit = ULLONG_MAX): bigint => scaleInteger(value, suffix, 1024n, limit);
function failure(run: () => unknown): LibvirtFailure {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof LibvirtFailure) return thrown;
    throw thrown;
  }
  return expect.unreachable();
}

describe("suffixes", () => {
  test.each([
    ["", 1024n],
    ["b", 1n],
    ["B", 1n],
    ["byte", 1n],
    ["BYTES", 1n],
    ["k", 1024n],
    ["K", 1024n],
    ["KiB", 1024n],
    ["kib", 1024n],
    ["kIb", 1024n],
    ["KB", 1000n],
    ["kb", 1000n],
    ["m", 1024n ** 2n],
    ["MiB", 1024n ** 2n],
    ["MB", 1000n ** 2n],
    ["mB", 1000n ** 2n],
    ["G", 1024n ** 3n],
    ["gb", 1000n ** 3n],
    ["T", 1024n ** 4n],
    ["TB", 1000n ** 4n],
    ["p", 1024n ** 5n],
    ["PB", 1000n ** 5n],
    ["E", 1024n ** 6n],
    ["EB", 1000n ** 6n]
  ])("%j is %s bytes", (suffix, bytes) => {
    expect(scale(1n, suffix)).toBe(bytes);
    expect(scale(0n, suffix)).toBe(0n);
    expect(scale(7n, suffix)).toBe(7n * bytes);
  });

  test.each(["iB", "x", "X", "GiBs", "KiBB", " MiB", "MiB ", ".5G", "bb", "bite", "k5", "ZB", "i", "kibi"])("%j is unknown", (suffix) => {
    const {code, message} = failure(() => scale(1n, suffix));
    expect(code).toBe("VIR_ERR_INVALID_ARG");
    expect(message).toBe(`invalid argument: unknown suffix '${suffix}'`);
  });

  test("an unknown one is refused before its number is looked at, even 0", () => {
    expect(failure(() => scale(0n, "q")).message).toBe("invalid argument: unknown suffix 'q'");
  });
});

describe("the limit", () => {
  test("a result may be as large as the limit and no larger", () => {
    expect(scale(LLONG_MAX, "b", LLONG_MAX)).toBe(LLONG_MAX);
    expect(scale(7n, "E", LLONG_MAX)).toBe(7n * 1024n ** 6n);
    const {code, message} = failure(() => scale(8n, "E", LLONG_MAX));
    expect(code).toBe("VIR_ERR_OVERFLOW");
    expect(message).toBe("numerical overflow: value too large: 8E");
  });
  test("the message has the number and the suffix as written", () => {
    expect(failure(() => scale(9999999999999999999n, "")).message).toBe("numerical overflow: value too large: 9999999999999999999");
    expect(failure(() => scale(16n, "EiB")).message).toBe("numerical overflow: value too large: 16EiB");
  });
});

describe("properties", () => {
  const suffix = fc.constantFrom("", "b", "k", "KB", "MiB", "mb", "G", "TB", "p", "EB");
  const seen = {over: 0, within: 0};
  test("a scaled value divides back, and one too large names itself", () => {
    fc.assert(
      fc.property(fc.bigInt({min: 0n, max: ULLONG_MAX}), suffix, fc.constantFrom(LLONG_MAX, ULLONG_MAX), (value, unit, limit) => {
        const one = scale(1n, unit);
        if (value > limit / one) {
          seen.over++;
          expect(failure(() => scale(value, unit, limit)).message).toBe(`numerical overflow: value too large: ${value.toString()}${unit}`);
        } else {
          seen.within++;
          expect(scale(value, unit, limit) / one).toBe(value);
          expect(scale(value, unit, limit) <= limit).toBe(true);
        }
      }),
      {numRuns: 10_000}
    );
    expect(Math.min(seen.over, seen.within)).toBeGreaterThan(100);
  });

  test("KiB are rounded up, by less than one", () => {
    fc.assert(
      fc.property(fc.bigInt({min: 0n, max: ULLONG_MAX}), (bytes) => {
        const rounded = bytesToKibUp(bytes) * 1024n;
        expect(rounded >= bytes && rounded - bytes < 1024n).toBe(true);
      }),
      {numRuns: 10_000}
    );
    expect([0n, 1n, 1024n, 1025n].map(bytesToKibUp)).toEqual([0n, 1n, 1n, 2n]);
  });
});
