import {expect, test} from "vitest";
import {formatMib, formatSeconds, group} from "../../../../docs/components/figure/format.ts";
import {kib} from "../../../../src/units.ts";

test.each([[0, "0"], [999, "999"], [1000, "1,000"], [1234567, "1,234,567"], [1023.6, "1,024"], [-1, "-1"], [-1234.4, "-1,234"]])("%d is written %s", (n, text) => {
  expect(group(n)).toBe(text);
});

test("memory is in whole MiB, with a space that does not break", () => {
  expect(formatMib(kib(2048 * 1024))).toBe("2,048\u00a0MiB");
  expect(formatMib(kib(1535.6 * 1024))).toBe("1,536\u00a0MiB");
});

test("time is in tenths of a second", () => expect([formatSeconds(12), formatSeconds(0.04), formatSeconds(16.1)]).toEqual(["12.0\u00a0s", "0.0\u00a0s", "16.1\u00a0s"]));
