import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {checkRecording} from "../../src/check/check.ts";
import {knownLines, memoryNumbers} from "../../src/check/libvirt-lines.ts";
import {settledActual} from "../../src/check/libvirt-guest.ts";
import {connectionOf, driverOf} from "../../src/check/libvirt-setup.ts";
import {parseRecording, parseRecordingText} from "../../src/check/parse.ts";
import {counts} from "../../src/check/report.ts";
import type {CheckReport, JsonObject} from "../../src/check/types.ts";
import {kib} from "../../src/units.ts";

const report = (path: string): CheckReport => checkRecording(parseRecordingText(readFileSync(path, "utf8"), path.split("/").at(-1) ?? ""));
const made = (more: JsonObject): CheckReport => checkRecording(parseRecording({about: "a test", recorded: {libvirt: "libvirt 9.0.0"}, ...more}, "x.json"));

describe("every libvirt recording", () => {
  // How many fields of each are held to their bar: none may fall out of sight.
  test.each([
    ["libvirt-define.json", 397, 0],
    ["libvirt-native-formats.json", 57, 6],
    ["libvirt-running-no-balloon-device.json", 52, 2],
    ["libvirt-shut-off.json", 339, 0],
    ["libvirt-test-driver.json", 186, 0],
    ["libvirt-xen-setmem.json", 165, 13]
  ])("%s: %d fields exact, %d not predicted", (name, judged, unpredicted) => {
    expect(counts(report(`data/recordings/${name}`))).toMatchObject({judged, failed: 0, unpredicted});
  });
});

describe("captures beside them", () => {
  const captures = readdirSync("test/check/captures").filter((name) => name.endsWith(".json"));
  test.each(captures)("%s", (name) => {
    const {comparisons, ok} = report(`test/check/captures/${name}`);
    expect(comparisons.filter(({within}) => !within)).toEqual([]);
    expect(ok).toBe(true);
    expect(comparisons.length).toBeGreaterThan(250);
  });
});

const setup = {connection: "qemu:///system", domain: {name: "vm", memballoonModel: "virtio"}, memoryKiB: 1048576, currentMemoryKiB: 524288};
const shut = {state: "shut off", memoryKiB: 1048576, currentMemoryKiB: 524288};
const live = {state: "running", memoryKiB: 1048576, currentMemoryKiB: 1048576, inactive: {memoryKiB: 1048576, currentMemoryKiB: 1048576}};
const row = (command: string, given: JsonObject, result: JsonObject, more: JsonObject = {}): JsonObject => ({given, command, exitCode: 0, stderr: "", result, ...more});
const failedPaths = ({comparisons}: CheckReport): string[] => comparisons.filter(({within}) => !within).map(({path}) => path);
const notPredicted = ({unpredicted}: CheckReport): string[] => unpredicted.map(({path}) => path);

describe("rows on one domain", () => {
  test("a wrong field is found, whichever it is", () => {
    const right = row("virsh setmem vm 600M --config", shut, {...shut, currentMemoryKiB: 614400, dominfo: {maxMemoryKiB: 1048576, usedMemoryKiB: 614400}});
    expect(made({setup, rows: [right]}).ok).toBe(true);
    const wrongs: readonly [JsonObject, string][] = [
      [{...right, exitCode: 1}, "rows[0].exitCode"],
      [{...right, stderr: "error: x"}, "rows[0].stderr"],
      [{...right, stdout: "x"}, "rows[0].stdout"],
      [{...right, result: {...shut}}, "rows[0].result.currentMemoryKiB"],
      [{...right, result: {...shut, currentMemoryKiB: 614400, memtune: {hardLimitKiB: 5}}}, "rows[0].result.memtune"],
      [{...right, result: {...shut, state: "running", currentMemoryKiB: 614400}}, "rows[0].result.state"],
      [{...right, result: {...shut, currentMemoryKiB: 614400, inactive: {}}}, "rows[0].result.inactive"]
    ];
    for (const [wrong, path] of wrongs) expect(failedPaths(made({setup, rows: [wrong]}))).toEqual([path]);
  });
  test("a limit that should have stayed is missed", () => {
    const given = {...shut, memtune: {hardLimitKiB: 5}};
    expect(failedPaths(made({setup, rows: [row("virsh setmem vm 512M --config", given, shut)]}))).toEqual(["rows[0].result.memtune"]);
  });
  test("what given leaves out stays as the row before left it", () => {
    const first = row("virsh setmem vm 600M --config", shut, {...shut, currentMemoryKiB: 614400});
    const second = row("virsh setmem vm 2G --config", {state: "shut off", memoryKiB: 1048576}, {...shut, currentMemoryKiB: 614400}, {exitCode: 1, stderr: "error: invalid argument: cannot set memory higher than max memory"});
    expect(failedPaths(made({setup, rows: [first, second]}))).toEqual([]);
  });
  test("commands and fields nobody knows are listed, not guessed", () => {
    const rows = [row("virsh setvcpus vm 2", shut, shut), row("virsh dumpxml vm", shut, {...shut, colour: "red"}, {stdout: "<domain>\n  <memory unit='KiB'>1048576</memory>\n  <currentMemory unit='KiB'>524288</currentMemory>\n</domain>"})];
    const checked = made({setup, rows});
    expect(failedPaths(checked)).toEqual([]);
    expect(notPredicted(checked)).toEqual(["rows[0]", "rows[1].stdout.rest", "rows[1].result.colour"]);
    expect(made({setup: {...setup, connection: "esx://host"}, rows}).unpredicted.map(({reason}) => reason)).toContain("the model has no driver for esx://host");
    expect(made({setup: {}, rows}).unpredicted[0]?.reason).toBe("the model has no driver for a missing connection");
  });
  test("a paused domain stays paused", () => {
    const paused = {...live, state: "paused", currentMemoryKiB: 524288};
    expect(failedPaths(made({setup, rows: [row("virsh setmem vm 512M --config", paused, {...paused, inactive: {memoryKiB: 1048576, currentMemoryKiB: 524288}})]}))).toEqual([]);
  });
});

describe("a guest with a balloon", () => {
  const loaded = {...live, currentMemoryKiB: 524288};
  test("one that has given memory follows a target, in whole pages", () => {
    const guest = {MemTotalChangeKiB: -434178 - 2, MemFreeChangeKiB: -5};
    const rows = [row("virsh setmem vm 614398 --live", loaded, {...loaded, currentMemoryKiB: 614400, guest: {...guest, MemTotalChangeKiB: 614400 - 1048576}})];
    const checked = made({setup, rows});
    expect(failedPaths(checked)).toEqual([]);
    expect(notPredicted(checked)).toEqual(["rows[0].result.guest.MemFreeChangeKiB"]);
  });
  test("once seen, the driver is known; with deflate-on-oom MemTotal does not tell", () => {
    const back = row("virsh setmem vm 1G --live", loaded, live);
    const down = row("virsh setmem vm 512M --live", live, {...live, currentMemoryKiB: 524288, guest: {MemTotalChangeKiB: 0}});
    const domain = {...setup.domain, autodeflate: true};
    const checked = made({setup: {...setup, domain}, rows: [back, down]});
    expect(failedPaths(checked)).toEqual([]);
    expect(notPredicted(checked)).toEqual(["rows[1].result.guest.MemTotalChangeKiB"]);
  });
  test("one that let the target of its start pass has no driver", () => {
    const given = {...live, inactive: {memoryKiB: 1048576, currentMemoryKiB: 524288}};
    const guest = {MemTotalChangeKiB: 0, MemFreeChangeKiB: 12, balloonInflatePages: 0, balloonDeflatePages: 0};
    const checked = made({setup, rows: [row("virsh setmem vm 700M --live", given, {...given, guest})]});
    expect(failedPaths(checked)).toEqual([]);
    expect(checked.comparisons.filter(({bar}) => bar.kind === "none").map(({path}) => path)).toEqual(["rows[0].result.guest.MemFreeChangeKiB"]);
  });
  test("of one nobody has seen move nothing is claimed", () => {
    const checked = made({setup, rows: [row("virsh setmem vm 700M --live", live, {...live, currentMemoryKiB: 716800, dominfo: {maxMemoryKiB: 1048576, usedMemoryKiB: 716800}})]});
    expect(failedPaths(checked)).toEqual([]);
    expect(notPredicted(checked)).toEqual(["rows[0].result.currentMemoryKiB", "rows[0].result.dominfo"]);
  });
  test("what a target settles at", () => {
    expect([1048576, 2097152, 524288, 524287, 524289, 524291, 1].map((target) => settledActual(kib(1048576), kib(target)))).toEqual([1048576, 1048576, 524288, 524288, 524292, 524292, 4]);
  });
});

describe("define tables", () => {
  const memory = {text: "1", unit: "GiB"};
  const result = {memoryKiB: 1048576, currentMemoryKiB: 1048576};
  const defined = (more: JsonObject): JsonObject => ({given: {memory, currentMemory: null}, command: "virsh define", exitCode: 0, stderr: "", result, ...more});
  const at = {connection: "qemu:///system", memballoonModel: "virtio"};

  test("sizes, limits and both drivers", () => {
    expect(made({setup: at, rows: [defined({testDriver: {exitCode: 0, stderr: "", result}})]}).ok).toBe(true);
    expect(failedPaths(made({setup: at, rows: [defined({result: {...result, memoryKiB: 5}})]}))).toEqual(["rows[0].result.memoryKiB"]);
    expect(failedPaths(made({setup: at, rows: [defined({result: null})]}))).toEqual(["rows[0].result"]);
    expect(failedPaths(made({setup: at, rows: [defined({result: {...result, memtune: {hardLimitKiB: 1}}})]}))).toEqual(["rows[0].result.memtune"]);
    expect(notPredicted(made({setup: at, rows: [defined({result: {...result, colour: 1}})]}))).toEqual(["rows[0].result.colour"]);
  });
  test("the file of a message is the command's, or the one the table names", () => {
    const bad = {given: {memory: {text: "x", unit: null}, currentMemory: null}, exitCode: 1, result: null};
    const stderr = (name: string): string => `error: Failed to define domain from ${name}\nerror: XML error: Invalid value 'x' for element or attribute './memory[1]'`;
    expect(made({setup: at, rows: [{...bad, command: "virsh define", stderr: stderr("q.xml")}]}).ok).toBe(true);
    expect(made({setup: at, rows: [{...bad, command: "virsh define z.xml", stderr: stderr("z.xml")}]}).ok).toBe(true);
  });
  test("a domain that cannot start has no -m", () => {
    const huge = {memory: {text: "9007199254740991", unit: null}, currentMemory: null};
    const sizes = {memoryKiB: 9007199254740991, currentMemoryKiB: 9007199254740991, qemuMemoryMiB: null};
    expect(failedPaths(made({setup: at, rows: [defined({given: huge, result: sizes})]}))).toEqual([]);
  });
  test("XML the model does not read is said to be unread, as is a driver it has not", () => {
    expect(notPredicted(made({setup: at, rows: [defined({given: {memory, currentMemory: null, otherXml: "<memoryBacking><locked/></memoryBacking>"}})]}))).toEqual(["rows[0]"]);
    expect(notPredicted(made({setup: at, rows: [defined({given: {memory, currentMemory: null, otherXml: "<memtune>"}})]}))).toEqual(["rows[0]"]);
    expect(notPredicted(made({setup: {connection: "lxc:///"}, rows: [defined({})]}))).toEqual(["rows[0]"]);
  });
  test("a setup that says nothing is a QEMU domain of one processor", () => {
    expect(made({setup: {}, rows: [defined({})]}).ok).toBe(true);
  });
});

describe("native formats", () => {
  const input = {"a.xml": {format: "domain XML", memoryKiB: 1048577, currentMemoryKiB: 511999}, "n.xl": "memory = 300; maxmem = 400"};
  const native = (command: string, connection: string, more: JsonObject): JsonObject => ({given: {connection}, command, exitCode: 0, stderr: "", ...more});
  test("numbers in the output, wherever they stand", () => {
    const rows = [
      native("virsh domxml-to-native xen-xl a.xml", "xen:///system", {stdout: 'name = "a"\nmaxmem = 1025\nmemory = 500\nvcpus = 1', result: {maxmemMiB: 1025, memoryMiB: 500}}),
      native("virsh domxml-from-native xen-xl n.xl", "xen:///system", {stdout: "<domain>\n  <memory unit='KiB'>409600</memory>\n  <currentMemory unit='KiB'>307200</currentMemory>\n</domain>"}),
      native("virsh domxml-to-native qemu-argv a.xml", "qemu:///system", {stdout: `q -m 1025 -object '{"size":1074790400}'`, result: {qemuMemoryMiB: 1025}})
    ];
    const checked = made({setup: {input}, rows});
    expect(failedPaths(checked)).toEqual([]);
    expect(checked.ok).toBe(true);
    expect(notPredicted(checked)).toEqual(["rows[0].stdout.rest", "rows[1].stdout.rest", "rows[2].stdout.rest"]);
  });
  test("a wrong number is found; an unknown file or driver is said to be so", () => {
    const wrong = native("virsh domxml-to-native xen-xl a.xml", "xen:///system", {stdout: "maxmem = 1024\nmemory = 500", result: {maxmemMiB: 1024, other: 1}});
    expect(failedPaths(made({setup: {input}, rows: [wrong]}))).toEqual(["rows[0].stdout.memory", "rows[0].result.maxmemMiB", "rows[0].result.other"]);
    expect(failedPaths(made({setup: {input}, rows: [native("virsh domxml-to-native xen-xl a.xml", "xen:///system", {})]}))).toEqual(["rows[0].stdout"]);
    expect(notPredicted(made({setup: {input}, rows: [native("virsh domxml-to-native qemu-argv b.xml", "qemu:///system", {})]}))).toContain("rows[0]");
    expect(notPredicted(made({setup: {input}, rows: [native("virsh domxml-to-native qemu-argv a.xml", "bhyve:///", {})]}))).toContain("rows[0]");
    expect(notPredicted(made({setup: {}, rows: [{given: {}, command: "virsh domxml-to-native x y", exitCode: 0, stderr: ""}]}))).toContain("rows[0]");
  });
});

describe("parts of an output", () => {
  test("lines whose label is known", () => {
    expect(knownLines("actual 5\nlast_update 0", "actual 7\nlast_update 0\nrss 225960")).toBe("actual 7\nlast_update 0");
    expect(knownLines("Max memory:     5 KiB", "Id:  1\nMax memory:     6 KiB")).toBe("Max memory:     6 KiB");
    expect(knownLines("  balloon.current=1", "Domain: 'x'\n  balloon.current=2\n  balloon.rss=3")).toBe("  balloon.current=2");
    expect(knownLines("", "x 1")).toBe("");
  });
  test("numbers of every format", () => {
    expect(memoryNumbers(`x -m 512 "size":536870912`)).toEqual({qemuMemoryMiB: 512, backendBytes: 536870912});
    expect(memoryNumbers(`-m size=524288k,slots=4,maxmem=4194304k "size":8070450532247928832`)).toEqual({qemuMemoryArgument: "size=524288k,slots=4,maxmem=4194304k", backendBytes: "8070450532247928832"});
    expect(memoryNumbers("<maxMemory slots='2' unit='KiB'>9</maxMemory><memory dumpCore='off' unit='KiB'>5</memory>")).toEqual({maxMemoryKiB: 9, maxMemorySlots: 2, memoryKiB: 5});
    expect(memoryNumbers("nothing")).toEqual({});
  });
  test("drivers by URI", () => {
    expect(["qemu:///system", "qemu+ssh://h/session", "test:///default", "xen:///system", "esx://h", ""].map(driverOf)).toEqual(["qemu", "qemu", "test", "xen", null, null]);
    expect(connectionOf("qemu:///session")).toEqual({session: true, readOnly: false, cgroupMemory: false});
  });
});
