import {describe, expect, test} from "vitest";
import {memtuneAtStart, memtuneWrites, swapAllowed} from "../../../src/control/libvirt/memtune-cgroup.ts";
import {UNLIMITED} from "../../../src/domain/libvirt/domain-def.ts";
import {kib} from "../../../src/units.ts";

const GIB = kib(1048576);
const told = (writes: ReturnType<typeof memtuneWrites>): string[] => writes.map(({name, text}) => `${name}=${text}`);

describe("memtune on the two versions", () => {
  const limits = {hard: GIB, soft: kib(524288), swapHard: kib(2097152)};

  test("the same numbers go to files of other meaning", () => {
    expect(told(memtuneWrites(limits, 1))).toEqual(["memory.soft_limit_in_bytes=536870912", "memory.limit_in_bytes=1073741824", "memory.memsw.limit_in_bytes=2147483648"]);
    expect(told(memtuneWrites(limits, 2))).toEqual(["memory.high=536870912", "memory.max=1073741824", "memory.swap.max=2147483648"]);
  });

  test("a hard limit that rises comes after the swap limit", () => {
    expect(told(memtuneWrites(limits, 1, kib(500)))).toEqual(["memory.soft_limit_in_bytes=536870912", "memory.memsw.limit_in_bytes=2147483648", "memory.limit_in_bytes=1073741824"]);
    expect(told(memtuneWrites({swapHard: GIB}, 2))).toEqual(["memory.swap.max=1073741824"]);
  });

  test("no limit is -1 or max", () => {
    expect(memtuneWrites({hard: UNLIMITED}, 1)).toEqual([{file: "max", name: "memory.limit_in_bytes", text: "-1", size: null}]);
    expect(memtuneWrites({hard: UNLIMITED}, 2)).toEqual([{file: "max", name: "memory.max", text: "max", size: null}]);
    expect(memtuneWrites({hard: kib(0)}, 2)[0]?.text).toBe("0");
  });

  test("out of range", () => {
    expect(() => memtuneWrites({hard: kib(UNLIMITED * 2)}, 2)).toThrow(/must be less than 9007199254740991/);
  });

  test("at start only what is set, hard first", () => {
    expect(told(memtuneAtStart({hard: GIB, soft: UNLIMITED, swapHard: GIB, minGuarantee: kib(5)}, 2))).toEqual(["memory.max=1073741824", "memory.swap.max=1073741824"]);
    expect(memtuneAtStart({hard: UNLIMITED, soft: UNLIMITED, swapHard: UNLIMITED, minGuarantee: kib(0)}, 1)).toEqual([]);
  });

  test("the second shift in swap: what is above the hard limit, or all of it", () => {
    expect([swapAllowed({hard: GIB, swapHard: kib(2097152)}, 1), swapAllowed({hard: GIB, swapHard: kib(2097152)}, 2)]).toEqual([1048576, 2097152]);
    expect(swapAllowed({hard: UNLIMITED, swapHard: GIB}, 1)).toBe(0);
    expect(swapAllowed({hard: GIB, swapHard: UNLIMITED}, 2)).toBeNull();
  });
});
