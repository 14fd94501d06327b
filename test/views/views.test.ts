import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {parseRecordingText} from "../../src/check/parse.ts";
import type {DomainState} from "../../src/control/types.ts";
import {columnNames, type Row} from "../../src/simulation/columns.ts";
import {bytes, kib, seconds} from "../../src/units.ts";
import {dmesgE820} from "../../src/views/dmesg.ts";
import {busyboxFree, procpsFree} from "../../src/views/free.ts";
import {meminfoHead} from "../../src/views/meminfo.ts";
import {countersOf, type MemoryCounters} from "../../src/views/memory-counters.ts";
import {infoBalloon, queryBalloon} from "../../src/views/query-balloon.ts";
import {dominfo, dommemstat, dumpxmlMemory} from "../../src/views/virsh.ts";
import {running, shutOff} from "../control/fixture.ts";

const folder = "data/recordings/";
const read = (name: string): ReturnType<typeof parseRecordingText> => parseRecordingText(readFileSync(folder + name, "utf8"), name);

describe("dmesg", () => {
  const withMap = readdirSync(folder).filter((name) => name.startsWith("qemu-size-"));
  test.each(withMap)("the map of %s, line for line", (name) => {
    const {raw} = read(name);
    const entries = raw["e820"] as unknown as Parameters<typeof dmesgE820>[0];
    const lines = (raw["dmesg"] as readonly string[]).filter((line) => line.startsWith("BIOS-e820"));
    expect(lines.length).toBeGreaterThan(0);
    expect(dmesgE820(entries)).toMatchObject({tool: "dmesg", version: "Linux 6.1", text: lines.join("\n")});
  });
  test("other types in the kernel's words", () => {
    expect(dmesgE820([{start: bytes(4096), end: bytes(8191), type: "ACPI data"}]).text).toBe("BIOS-e820: [mem 0x0000000000001000-0x0000000000001fff] ACPI data");
    // As dom0's kernel logs it in xen-dom0-1024.json.
    expect(dmesgE820([{start: bytes(0xfec00000), end: bytes(0xfec00fff), type: "reserved"}], "Xen").text).toBe("Xen: [mem 0x00000000fec00000-0x00000000fec00fff] reserved");
  });
});

/** The counters of a machine on which BusyBox 1.35.0 printed what is below. */
const counters: MemoryCounters = {
  memTotal: kib(24684084),
  memFree: kib(20457520),
  memAvailable: kib(21734376),
  buffers: kib(31656),
  cached: kib(1366392),
  slabReclaimable: kib(267004),
  shmem: kib(70556),
  swapTotal: kib(0),
  swapFree: kib(0)
};

describe("free", () => {
  test("BusyBox 1.35.0, KiB and MiB", () => {
    expect(busyboxFree(counters, "k")).toMatchObject({
      tool: "free -k (BusyBox)",
      version: "BusyBox 1.35.0",
      text: [
        "              total        used        free      shared  buff/cache   available",
        "Mem:       24684084     2561512    20457520       70556     1665052    21734376",
        "Swap:             0           0           0"
      ].join("\n")
    });
    expect(busyboxFree(counters, "m").text).toBe(
      [
        "              total        used        free      shared  buff/cache   available",
        "Mem:          24106        2501       19978          69        1626       21225",
        "Swap:             0           0           0"
      ].join("\n")
    );
  });
  // Captured from procps 4.0.2 over a /proc/meminfo with exactly these counters.
  const procps: MemoryCounters = {
    memTotal: kib(2030640),
    memFree: kib(1000700),
    memAvailable: kib(1201599),
    buffers: kib(1535),
    cached: kib(300001),
    slabReclaimable: kib(20479),
    shmem: kib(5119),
    swapTotal: kib(1048572),
    swapFree: kib(1000001)
  };
  test("procps 4.0.2 counts what is not available as used, and rounds down", () => {
    expect(procpsFree(procps, "k")).toMatchObject({
      tool: "free -k (procps)",
      version: "procps-ng 4.0.2",
      text: [
        "               total        used        free      shared  buff/cache   available",
        "Mem:         2030640      829041     1000700        5119      322015     1201599",
        "Swap:        1048572       48571     1000001"
      ].join("\n")
    });
    expect(procpsFree(procps, "m").text).toBe(
      [
        "               total        used        free      shared  buff/cache   available",
        "Mem:            1983         809         977           4         314        1173",
        "Swap:           1023          47         976"
      ].join("\n")
    );
  });
  test("an available beyond the total is shown as free", () => {
    expect(procpsFree({...procps, memAvailable: kib(3000000)}, "k").text.split("\n")[1]).toBe("Mem:         2030640     1029940     1000700        5119      322015     1000700");
  });
  test("swap", () => {
    const swapping = {...counters, swapTotal: kib(2048), swapFree: kib(1500)};
    expect(busyboxFree(swapping, "k").text.split("\n")[2]).toBe("Swap:          2048         548        1500");
    expect(busyboxFree(swapping, "m").text.split("\n")[2]).toBe("Swap:             2           1           1");
  });
});

test("the head of /proc/meminfo", () => {
  expect(meminfoHead({...counters, memFree: kib(20457984), memAvailable: kib(21734844), cached: kib(1365464)})).toMatchObject({
    tool: "head -n 5 /proc/meminfo",
    text: ["MemTotal:       24684084 kB", "MemFree:        20457984 kB", "MemAvailable:   21734844 kB", "Buffers:           31656 kB", "Cached:          1365464 kB"].join("\n")
  });
});

test("counters of one instant of a timeline", () => {
  const row = {...Object.fromEntries(columnNames.map((name) => [name, 0])), memTotal: 10, memFree: 5, memAvailable: 6, cached: 2, guestSwapUsed: 3} as Row;
  expect(countersOf(row)).toEqual({memTotal: 10, memFree: 5, memAvailable: 6, cached: 2, buffers: 0, slabReclaimable: 0, shmem: 0, swapTotal: 0, swapFree: 0});
  expect(countersOf(row, {buffers: kib(1), slabReclaimable: kib(2), shmem: kib(3), swapTotal: kib(8)})).toMatchObject({buffers: 1, slabReclaimable: 2, shmem: 3, swapTotal: 8, swapFree: 5});
});

describe("virsh", () => {
  /** Rows of a recording whose command has that word, with their output. */
  const outputs = (name: string, word: string): readonly string[] => {
    const {rows, sequences} = read(name);
    return [...rows, ...sequences.flatMap((one) => one.rows)].filter(({command}) => command.includes(word)).flatMap(({raw}) => (typeof raw["stdout"] === "string" ? [raw["stdout"]] : []));
  };
  test("dommemstat of the mock driver, as recorded", () => {
    const recorded = outputs("libvirt-test-driver.json", "dommemstat");
    const shown = [3145728, 524288].map((current) => dommemstat(running({name: "test", current: kib(current)}, {driver: "test"})).text);
    expect(shown).toEqual(recorded);
  });
  test("dommemstat of a domain without a balloon, as recorded", () => {
    const {balloon} = shutOff().def;
    const state: DomainState = running({name: "t2", balloon: {...balloon, model: "none"}}, {running: {rss: kib(225960), stats: {lastUpdate: 0}}});
    expect([dommemstat(state).text]).toEqual(outputs("libvirt-running-no-balloon-device.json", "dommemstat"));
  });
  test("what is shut off answers with its error", () => {
    expect(dommemstat(shutOff())).toMatchObject({
      tool: "virsh dommemstat t1",
      version: "libvirt 9.0.0",
      text: "error: Failed to get memory statistics for domain t1\nerror: Requested operation is not valid: domain is not running"
    });
  });
  test("dominfo and dumpxml", () => {
    expect(dominfo(running({name: "my vm"}))).toMatchObject({
      tool: "virsh dominfo 'my vm'",
      text: "Id:             1\nName:           my vm\nState:          running\nCPU(s):         1\nMax memory:     1048576 KiB\nUsed memory:    524288 KiB\nPersistent:     yes"
    });
    const state = running({}, {next: {...shutOff().def, current: kib(5)}});
    expect(dumpxmlMemory(state).text).toBe("  <memory unit='KiB'>1048576</memory>\n  <currentMemory unit='KiB'>524288</currentMemory>");
    expect(dumpxmlMemory(state, true)).toMatchObject({tool: "virsh dumpxml t1 --inactive", text: "  <memory unit='KiB'>1048576</memory>\n  <currentMemory unit='KiB'>5</currentMemory>"});
  });
});

test("query-balloon and info balloon", () => {
  const state = {balloon: {path: "/machine/b", actual: kib(1048576), pollingInterval: seconds(0), stats: {lastUpdate: 0}}};
  expect(queryBalloon(state)).toMatchObject({version: "QEMU 7.2.22", text: '{"return": {"actual": 1073741824}}'});
  expect(queryBalloon({balloon: null}).text).toBe('{"error": {"class": "DeviceNotActive", "desc": "No balloon device has been activated"}}');
  expect(infoBalloon(state).text).toBe("balloon: actual=1024");
});
