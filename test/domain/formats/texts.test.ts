import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {cases} from "../../cases.ts";
import {decodeText} from "../../../src/domain/formats/decode.ts";
import {detectFormat} from "../../../src/domain/formats/detect.ts";
import {linesOf} from "../../../src/domain/formats/place.ts";
import {checkText} from "../../../src/domain/formats/reading.ts";
import {configs, outputs} from "../../explain/examples.ts";

const bytes = (...list: readonly number[]): Uint8Array => new Uint8Array(list);

describe("bytes to text", () => {
  test.each([
    [bytes(0xef, 0xbb, 0xbf, 0x61), "a", "utf-8"],
    [bytes(0xff, 0xfe, 0x61, 0, 0xac, 0x20), "a\u20ac", "utf-16le"],
    [bytes(0xfe, 0xff, 0, 0x61), "a", "utf-16be"],
    [bytes(0x3c, 0, 0x61, 0), "<a", "utf-16le"],
    [bytes(0, 0x3c, 0, 0x61), "<a", "utf-16be"],
    [bytes(0x61, 0xe9), "a\u00e9", "latin-1"],
    [bytes(0xc0, 0x80), "\u00c0\u0080", "latin-1"],
    [bytes(0xed, 0xa0, 0x80), "\u00ed\u00a0\u0080", "latin-1"],
    [bytes(0xf4, 0x90, 0x80, 0x80), "\u00f4\u0090\u0080\u0080", "latin-1"],
    [bytes(0xe2, 0x82), "\u00e2\u0082", "latin-1"],
    [bytes(), "", "utf-8"]
  ] as const)("%o", (given, text, encoding) => expect(decodeText(given)).toEqual({text, encoding}));
  test("whatever text, its UTF-8 comes back; whatever bytes, there is a text", () => {
    fc.assert(fc.property(fc.string({unit: "binary", maxLength: 9000}), (text) => {
      const whole = text.replace(/^\uFEFF/, "").replace(/\0/g, " ");
      expect(decodeText(new TextEncoder().encode(whole)).text).toBe(new TextDecoder().decode(new TextEncoder().encode(whole)));
    }), {numRuns: cases(200)});
    fc.assert(fc.property(fc.uint8Array({maxLength: 100}), (given) => decodeText(given).text.length <= given.length), {numRuns: cases(300)});
  });
});

describe("lines and columns", () => {
  const {place, count} = linesOf("ab\ncd\r\ne\rf");
  test.each([[0, 1, 1], [1, 1, 2], [2, 1, 3], [3, 2, 1], [5, 2, 3], [7, 3, 1], [9, 4, 1], [10, 4, 2]])("offset %d is %d:%d", (offset, line, column) => {
    expect(place({start: offset, end: offset})).toEqual({line, column, offset, length: 0});
  });
  test("a span outside is cut", () => {
    expect(place({start: -5, end: 99})).toEqual({line: 1, column: 1, offset: 0, length: 10});
    expect(place({start: 50, end: 60})).toEqual({line: 4, column: 2, offset: 10, length: 0});
    expect(count).toBe(4);
    expect(linesOf("").count).toBe(1);
  });
});

describe("which format", () => {
  test.each([...Object.entries(configs), ...Object.entries(outputs)])("%s", (format, text) => expect(detectFormat(text)).toBe(format));
  test.each([
    ["\n  <?xml version='1.0'?><domain/>", "", "libvirt"],
    ["name = 'a'\nmemory = 5\ndevice_model = '/usr/bin/qemu-system-i386'", "", "xl"],
    ["A=b /usr/libexec/qemu-kvm -S", "", "qemu"],
    ["-m 1024", "", "qemu"],
    ["numvcpus = 4", "a.vmx", "xl"],
    ["hello", "a.vmx", "vmx"],
    ["hello", "a.args", "qemu"],
    ["12", "memory.max", "cgroup"],
    ["hello", "", null],
    ["hello", "a.txt", null]
  ] as const)("%j named %j is %s", (text, name, format) => expect(detectFormat(text, name)).toBe(format));
});

test.each([["", "empty"], [" \n", "empty"], ["a\0b", "not-text"]])("%j is refused", (text, code) => {
  expect(() => checkText(text)).toThrow(expect.objectContaining({code}));
});
