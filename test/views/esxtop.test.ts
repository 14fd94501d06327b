import {describe, expect, test} from "vitest";
import {esxtopHost, esxtopMachine, memoryPerformance, vmmemctlDebug} from "../../src/views/esxtop.ts";

describe("esxtop", () => {
  test("prints the host's lines as they were captured", () => {
    const {text, tool} = esxtopHost({total: 65398, vmkernel: 2139, other: 60782, free: 2358, managed: 65073, minFree: 1265, reserved: 7501, unreserved: 57572, state: "high", shared: 1648, common: 248, saving: 1400});
    expect([tool, ...text.split("\n")]).toEqual([
      "esxtop, memory screen",
      "PMEM  /MB: 65398   total: 2139     vmk,60782 other, 2358 free",
      "VMKMEM/MB: 65073 managed:  1265 minfree,  7501 rsvd,  57572 ursvd,  high state",
      "PSHARE/MB:    1648  shared,     248  (common:    1400 saving)"
    ]);
    expect(esxtopHost({total: 65398, vmkernel: 2262, other: 60078, free: 3057, managed: 65073, minFree: 1265, reserved: 9092, unreserved: 55980, state: "clear", shared: 33038, common: 941, saving: 32097}).text.split("\n")).toEqual([
      "PMEM  /MB: 65398   total: 2262     vmk,60078 other, 3057 free",
      "VMKMEM/MB: 65073 managed:  1265 minfree,  9092 rsvd,  55980 ursvd, clear state",
      "PSHARE/MB:   33038  shared,     941  (common:   32097 saving)"
    ]);
  });

  const machine = {name: "vm", entitlement: 524288, active: 102400, balloon: 475136, balloonTarget: 475136, hostSwapped: 2048, swapTarget: 5120, compressed: 1024, overhead: 26522, resident: 524288, consumed: 524800, shared: 512, zero: 256};

  test("prints a machine's columns in MB", () => {
    expect(esxtopMachine(machine).text.split("\n")).toEqual([
      "NAME             vm", "MCTLSZ       464.00", "MCTLTGT      464.00", "SWCUR          2.00", "SWTGT          4.00", "CACHEUSD       0.50"
    ]);
    expect(esxtopMachine({...machine, swapTarget: 0}).text).toMatch(/SWTGT +0\.00/);
  });

  test("has counters of the API beside it, in KB", () => {
    expect(memoryPerformance(machine).text.split("\n")).toEqual([
      "mem.entitlement           524288 KB", "mem.granted               524288 KB", "mem.consumed              524800 KB", "mem.active                102400 KB", "mem.shared                   512 KB", "mem.zero                     256 KB",
      "mem.vmmemctl              475136 KB", "mem.vmmemctltarget        475136 KB", "mem.swapped                 2048 KB", "mem.compressed              1024 KB", "mem.overhead               26522 KB"
    ]);
  });
});

test("a Linux guest shows its balloon in debugfs, in pages", () => {
  expect(vmmemctlDebug(118784, 100).text.split("\n")).toEqual(["target:               118784 pages", "current:                 100 pages"]);
});
