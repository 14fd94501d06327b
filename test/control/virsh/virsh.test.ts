import {describe, expect, test} from "vitest";
import type {DomainState} from "../../../src/control/types.ts";
import type {Host, HostFile} from "../../../src/control/virsh/host.ts";
import {commandNames, runVirsh} from "../../../src/control/virsh/run.ts";
import {ModelError} from "../../../src/errors.ts";
import type {DomainSpec} from "../../../src/domain/libvirt/spec.ts";
import {kib} from "../../../src/units.ts";
import {definition} from "../../domain/libvirt/fixture.ts";
import {connection, hostOf, running, shutOff} from "../fixture.ts";

const gib: DomainSpec = {name: "new", memory: {text: "1", unit: "GiB"}, currentMemory: {text: "500", unit: "MB"}};
const file = (spec: DomainSpec): HostFile => ({kind: "domain", spec});
const withFiles = (host: Host, files: Host["files"]): Host => ({...host, files});

/** What a command prints, behind `$?`. */
function shell(host: Host, line: string): string {
  const {exitCode, stdout, stderr} = runVirsh(host, line);
  return [`${exitCode}`, ...(stdout === "" ? [] : [stdout]), ...(stderr === "" ? [] : [stderr])].join("\n");
}
const only = ({domains}: Host): DomainState => domains[0] ?? expect.unreachable();

// Every line of these two tables was printed by virsh 9.0.0.
describe("command lines virsh cannot take", () => {
  test.each([
    ["setmem", "error: command 'setmem' requires <domain> option\nerror: command 'setmem' requires --size option"],
    ["setmem t1", "error: command 'setmem' requires --size option"],
    ["setmem t1 --size", "error: expected syntax: --size <number>"],
    ["setmem t1 5 6", "error: unexpected data '6'"],
    ["setmem t1 --foo", "error: command 'setmem' doesn't support option --foo"],
    ["setmem t1 1 --config=3", "error: invalid '=' after option --config"],
    ["setmem t1 --config --config 1", "error: option --config already seen"],
    ["setmem t1 5 --domain t1", "error: option --domain already seen"],
    ["setmem t1 5 --kilobytes 6", "error: option --size already seen"],
    ["setmaxmem t1", "error: command 'setmaxmem' requires --size option"],
    ["memtune t1 --hard-limit", "error: expected syntax: --hard-limit <number>"],
    ["memtune", "error: command 'memtune' requires <domain> option"],
    ["dommemstat t1 5", "error: unexpected data '5'"],
    ["domxml-to-native", "error: command 'domxml-to-native' requires <format> option"],
    ["domxml-to-native qemu-argv", "error: need either domain or domain XML"],
    ["domxml-to-native qemu-argv --xml", "error: expected syntax: --xml <string>"],
    ["domxml-to-native qemu-argv --domain t1 --xml f", "error: Options --domain and --xml are mutually exclusive"],
    ["setmem t1 100M --current --live --config", "error: Options --current and --live are mutually exclusive"],
    ["setmaxmem t1 2G --current --config", "error: Options --current and --config are mutually exclusive"],
    ["memtune t1 --current --live", "error: Options --current and --live are mutually exclusive"],
    ["dommemstat t1 --current --config", "error: Options --current and --config are mutually exclusive"],
    ["setmem nosuch 512M", "error: failed to get domain 'nosuch'"],
    ["memtune nosuch", "error: failed to get domain 'nosuch'"],
    ["domstats --balloon nosuch", "error: failed to get domain 'nosuch'"],
    ["domxml-to-native qemu-argv --domain nosuch", "error: failed to get domain 'nosuch'"],
    ["setmem '' 5", "error: Failed to get option 'domain': Option argument is empty"],
    ["setmem 1 5", "error: failed to get domain '1'"]
  ])("virsh %s", (line, stderr) => {
    expect(runVirsh(hostOf(shutOff()), `virsh ${line}`)).toMatchObject({exitCode: 1, stdout: "", stderr, effects: [], missing: []});
  });
});

describe("sizes and limits virsh cannot read", () => {
  const scaled = (text: string): string => `error: Scaled numeric value '${text}' for <size> option is malformed or out of range`;
  test.each([
    ["setmem t1 '' --config", scaled("")],
    ["setmem t1 5abc --config", `${scaled("5abc")}\nerror: invalid argument: unknown suffix 'abc'`],
    ["setmem t1 '5 M' --config", `${scaled("5 M")}\nerror: invalid argument: unknown suffix ' M'`],
    ["setmem t1 99999999999999999999 --config", scaled("99999999999999999999")],
    ["setmem t1 -- -1", scaled("-1")],
    ["setmem t1 16E --config", `${scaled("16E")}\nerror: numerical overflow: value too large: 16E`],
    ["setmem t1 15E --config", "error: numerical overflow: input too large: 16888498602639360"],
    ["setmaxmem t1 8E --config", "error: Unable to change MaxMemorySize\nerror: numerical overflow: input too large: 9007199254740992"],
    ["setmaxmem t1 1.5G", `${scaled("1.5G")}\nerror: invalid argument: unknown suffix '.5G'`],
    ["setmem t1 0", "error: memory in virDomainSetMemoryFlags must not be zero"],
    ["memtune t1 --hard-limit abc", "error: Unable to parse integer parameter hard-limit"],
    ["memtune t1 --soft-limit 5X", "error: Unable to parse integer parameter soft-limit\nerror: invalid argument: unknown suffix 'X'"],
    ["memtune t1 --hard-limit 99999999999999999999", "error: Unable to parse integer parameter hard-limit"],
    ["memtune t1 --hard-limit 9007199254740992", "error: Unable to parse integer parameter hard-limit\nerror: numerical overflow: value too large: 9007199254740992"],
    ["dommemstat t1 --period -1", "error: Invalid collection period value '-1'"],
    ["dommemstat t1 --period x", "error: Numeric value 'x' for <period> option is malformed or out of range"]
  ])("virsh %s", (line, stderr) => {
    expect(runVirsh(hostOf(shutOff()), line)).toMatchObject({exitCode: 1, stderr});
  });
});

describe("setmem and setmaxmem", () => {
  test.each([
    ["setmem t1 700M --current", 716800],
    ["setmem t1 --size=7M --config", 7168],
    ["setmem --size 5M --config t1", 5120],
    ["setmem --kilobytes 300M --domain t1 --config", 307200],
    ["setmem t1 ' 5' --config", 5],
    ["setmem t1 +5 --config", 5],
    ["setmem t1 1500001b --config", 1465],
    ["setmem --config -- t1 500MB", 488282]
  ])("%s", (line, current) => {
    const {exitCode, host} = runVirsh(hostOf(shutOff()), line);
    expect([exitCode, only(host).def.current]).toEqual([0, current]);
  });
  test("without a flag setmem is for the running domain, setmaxmem for whichever there is", () => {
    expect(shell(hostOf(shutOff()), "setmem t1 5M")).toBe("1\nerror: Requested operation is not valid: domain is not running");
    expect(only(runVirsh(hostOf(shutOff()), "setmaxmem t1 2G").host).def.total).toBe(2097152);
    expect(shell(hostOf(running()), "setmaxmem t1 2G")).toBe("1\nerror: Unable to change MaxMemorySize\nerror: Requested operation is not valid: cannot resize the maximum memory on an active domain");
  });
  test("a live target is an effect on that domain; its number names it, too", () => {
    const effects = [{domain: "t1", effect: {kind: "balloon", target: 5120}}];
    expect(runVirsh(hostOf(running()), "setmem t1 5M")).toMatchObject({exitCode: 0, effects});
    expect(runVirsh(hostOf(shutOff({name: "other"}), running()), "setmem 1 5M --live")).toMatchObject({exitCode: 0, effects});
    expect(runVirsh(hostOf(running()), "setmem t1 5M --config").effects).toEqual([]);
  });
  test("other domains stay as they are", () => {
    const other = shutOff({name: "other"});
    expect(runVirsh(hostOf(other, shutOff()), "setmem t1 5M --config").host.domains.map(({def}) => [def.name, def.current])).toEqual([
      ["other", 524288],
      ["t1", 5120]
    ]);
  });
  test("a read-only connection lasts one command line", () => {
    const result = runVirsh(hostOf(shutOff()), "virsh -c qemu:///system -r -q setmem t1 5M --config");
    expect(result.stderr).toBe("error: operation forbidden: read only access prevents virDomainSetMemoryFlags");
    expect(only(result.host).connection).toEqual(connection);
    expect(shell(result.host, "virsh --connect x --quiet setmem t1 5M --config")).toBe("0");
    expect(shell(hostOf(shutOff()), "virsh --readonly domstats --balloon t1")).toBe("0\nDomain: 't1'\n  balloon.current=524288\n  balloon.maximum=1048576");
  });
});

describe("memtune", () => {
  const unlimited = "hard_limit     : unlimited\nsoft_limit     : unlimited\nswap_hard_limit: unlimited";
  test("shows, sets by name or place, and shows again", () => {
    let host = hostOf(shutOff());
    const say = (line: string): string => {
      const result = runVirsh(host, line);
      host = result.host;
      return [`${result.exitCode}`, result.stdout, result.stderr].filter((text) => text !== "").join("\n");
    };
    expect(say("memtune t1")).toBe(`0\n${unlimited}`);
    expect(say("memtune t1 100M 200M 300M")).toBe("0");
    expect(say("memtune t1")).toBe("0\nhard_limit     : 102400\nsoft_limit     : 204800\nswap_hard_limit: 307200");
    expect(say("memtune t1 --swap-hard-limit=-5 --config")).toBe("0");
    expect(say("memtune t1 --hard-limit 9007199254740991")).toBe("0");
    expect(say("memtune t1 --soft-limit -1")).toBe("0");
    expect(say("memtune t1")).toBe(`0\n${unlimited}`);
    expect(say("memtune t1 0")).toBe("0");
    expect(say("memtune t1")).toBe("0\nhard_limit     : 0\nsoft_limit     : unlimited\nswap_hard_limit: unlimited");
    expect(say("memtune t1 --min-guarantee 5")).toBe("1\nerror: Unable to change memory parameters\nerror: argument unsupported: parameter 'min_guarantee' not supported");
  });
  test("what cannot be read says how far it got", () => {
    expect(shell(hostOf(running()), "memtune t1")).toBe("1\nerror: Unable to get memory parameters\nerror: Requested operation is not valid: cgroup memory controller is not mounted");
    expect(shell(hostOf(shutOff()), "memtune t1 --live")).toBe("1\nerror: Unable to get number of memory parameters\nerror: Requested operation is not valid: domain is not running");
    expect(shell(hostOf(running({}, {persistent: false, next: null})), "memtune t1 --config")).toBe(
      "1\nerror: Unable to get number of memory parameters\nerror: Requested operation is not valid: transient domains do not have any persistent config"
    );
    expect(shell(hostOf(running()), "memtune t1 --live --config")).toBe(
      "1\nerror: Unable to get number of memory parameters\nerror: Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive"
    );
  });
});

describe("statistics", () => {
  const measured = {running: {rss: kib(40000), stats: {lastUpdate: 0}}};
  test("dommemstat prints what is known and names what is not", () => {
    expect(runVirsh(hostOf(running()), "dommemstat t1")).toMatchObject({exitCode: 0, stdout: "actual 524288\nlast_update 0", missing: ["rss", "guest statistics"]});
    expect(runVirsh(hostOf(running({}, measured)), "dommemstat t1")).toMatchObject({stdout: "actual 524288\nlast_update 0\nrss 40000", missing: ["guest statistics"]});
    expect(runVirsh(hostOf(running({}, {running: {rss: kib(1), stats: {lastUpdate: 5, unused: kib(2)}}})), "dommemstat t1").missing).toEqual([]);
    expect(runVirsh(hostOf(running({}, {driver: "test"})), "dommemstat t1").missing).toEqual([]);
    expect(runVirsh(hostOf(shutOff()), "dommemstat t1")).toMatchObject({
      stderr: "error: Failed to get memory statistics for domain t1\nerror: Requested operation is not valid: domain is not running",
      missing: []
    });
  });
  test("a period is for the running domain if there is one", () => {
    expect(runVirsh(hostOf(running()), "dommemstat t1 --period 2").effects).toEqual([{domain: "t1", effect: {kind: "stats-period", period: 2}}]);
    expect(only(runVirsh(hostOf(shutOff()), "dommemstat t1 --period 2").host).def.balloon.period).toBe(2);
    expect(only(runVirsh(hostOf(running()), "dommemstat t1 --period 2 --config").host).next?.balloon.period).toBe(2);
    expect(shell(hostOf(shutOff()), "dommemstat t1 --period 2 --live")).toBe("1\nerror: Unable to change balloon collection period.\nerror: Requested operation is not valid: domain is not running");
  });
  test("domstats of one, of several, of all that the filters let through", () => {
    const two = hostOf(running({}, {running: {rss: kib(7), stats: {lastUpdate: 3, unused: kib(1)}}}), shutOff({name: "b"}));
    const first = "Domain: 't1'\n  balloon.current=524288\n  balloon.maximum=1048576\n  balloon.unused=1\n  balloon.last-update=3\n  balloon.rss=7";
    const second = "Domain: 'b'\n  balloon.current=524288\n  balloon.maximum=1048576";
    expect(shell(two, "domstats --balloon t1 b")).toBe(`0\n${first}\n\n${second}`);
    expect(shell(two, "domstats --balloon")).toBe(`0\n${first}\n\n${second}`);
    expect(shell(two, "domstats --balloon --list-active")).toBe(`0\n${first}`);
    expect(shell(two, "domstats --balloon --list-running --list-active")).toBe(`0\n${first}`);
    expect(shell(two, "domstats --balloon --list-inactive")).toBe(`0\n${second}`);
    expect(shell(two, "domstats --balloon --list-shutoff")).toBe(`0\n${second}`);
    expect(shell(two, "domstats --balloon --list-transient")).toBe("0");
    expect(shell(two, "domstats --balloon --list-persistent --list-transient")).toBe(`0\n${first}\n\n${second}`);
    expect(shell(hostOf(running({}, {driver: "test"})), "domstats --balloon t1")).toBe("0\nDomain: 't1'");
  });
  test("other groups are not known", () => {
    expect(runVirsh(hostOf(shutOff()), "domstats t1").missing).toEqual(["other groups than balloon"]);
    expect(runVirsh(hostOf(shutOff()), "domstats --vcpu --balloon t1").missing).toEqual(["other groups than balloon"]);
    expect(runVirsh(hostOf(shutOff()), "domstats --balloon t1").missing).toEqual([]);
    expect(runVirsh(hostOf(running()), "domstats --balloon t1").missing).toEqual(["rss", "guest statistics"]);
  });
  test("dominfo", () => {
    expect(shell(hostOf(shutOff({vcpus: 2})), "dominfo t1")).toBe(
      "0\nId:             -\nName:           t1\nState:          shut off\nCPU(s):         2\nMax memory:     1048576 KiB\nUsed memory:    524288 KiB\nPersistent:     yes"
    );
    expect(shell(hostOf(running({}, {persistent: false, id: 12})), "dominfo t1")).toContain("Id:             12\nName:           t1\nState:          running\n");
    expect(shell(hostOf(running({}, {persistent: false})), "dominfo t1")).toContain("Persistent:     no");
    expect(runVirsh(hostOf(shutOff()), "dominfo t1").missing).toContain("UUID");
  });
});

describe("definitions", () => {
  test("define stores, dumpxml shows", () => {
    const host = withFiles(hostOf(), {"a.xml": file(gib)});
    const defined = runVirsh(host, "define a.xml");
    expect(defined).toMatchObject({exitCode: 0, stdout: "", stderr: ""});
    expect(only(defined.host)).toMatchObject({driver: "qemu", id: null, next: null, persistent: true, def: {name: "new", total: 1048576, current: 488282}});
    expect(shell(defined.host, "dumpxml new")).toBe("0\n  <memory unit='KiB'>1048576</memory>\n  <currentMemory unit='KiB'>488282</currentMemory>");
  });
  test("an error names the file", () => {
    const host = withFiles(hostOf(), {"bad.xml": file({...gib, memory: {text: "1.5", unit: "GiB"}})});
    expect(shell(host, "define bad.xml")).toBe("1\nerror: Failed to define domain from bad.xml\nerror: XML error: Invalid value '1.5' for element or attribute './memory[1]'");
  });
  test("--validate looks at the schema first", () => {
    const host = withFiles(hostOf(), {"a.xml": file({...gib, memory: {text: "5", unit: ""}})});
    expect(shell(host, "define a.xml")).toBe("0");
    expect(shell(host, "define a.xml --validate")).toContain("error: XML document failed to validate against schema: Unable to validate doc against domain.rng\nInvalid attribute unit for element memory");
  });
  test("over a domain that is there it needs the UUID; a running one keeps running", () => {
    const again = {...gib, name: "t1", uuid: "796f1897-81f1-4598-b948-6e2d0a430663"};
    const files = {"a.xml": file(again)};
    expect(only(runVirsh(withFiles(hostOf(shutOff()), files), "define a.xml").host).def.current).toBe(488282);
    const live = only(runVirsh(withFiles(hostOf(running({}, {persistent: false, next: null})), files), "define a.xml").host);
    expect(live).toMatchObject({id: 1, persistent: true, def: {current: 524288}, next: {current: 488282}});
    expect(() => runVirsh(withFiles(hostOf(shutOff()), {"b.xml": file({...gib, name: "t1"})}), "define b.xml")).toThrow(ModelError);
  });
  test("dumpxml --inactive shows what the next start uses; without a balloon everything is current", () => {
    const host = hostOf(running({}, {next: definition({current: kib(5)})}));
    expect(shell(host, "dumpxml t1")).toContain(">524288</currentMemory>");
    expect(shell(host, "dumpxml t1 --inactive")).toContain(">5</currentMemory>");
    expect(shell(hostOf(shutOff()), "dumpxml t1 --inactive")).toContain(">524288</currentMemory>");
    const none = {balloon: {...definition().balloon, model: "none"}} as const;
    expect(shell(hostOf(running(none)), "dumpxml t1")).toContain(">1048576</currentMemory>");
    expect(shell(hostOf(shutOff(none)), "dumpxml t1")).toContain(">524288</currentMemory>");
  });
});

describe("life of a domain", () => {
  test("start, start again, destroy, destroy again", () => {
    const started = runVirsh(hostOf(shutOff()), "start t1");
    expect(started).toMatchObject({exitCode: 0, stdout: "", effects: [{domain: "t1", effect: {kind: "start"}}], host: {nextId: 3}});
    expect(only(started.host).id).toBe(2);
    expect(shell(started.host, "start t1")).toBe("1\nerror: Domain is already active");
    expect(shell(started.host, "start 2")).toBe("1\nerror: failed to get domain '2'");
    const stopped = runVirsh(started.host, "destroy 2");
    expect(stopped).toMatchObject({exitCode: 0, effects: [{domain: "t1", effect: {kind: "stop"}}]});
    expect(shell(stopped.host, "destroy t1")).toBe("1\nerror: Failed to destroy domain 't1'\nerror: Requested operation is not valid: domain is not running");
  });
  test("one that cannot start takes no number", () => {
    const large = hostOf(shutOff({total: kib(9007199254740991)}));
    const result = runVirsh(large, "start t1");
    expect(result.stderr).toBe("error: Failed to start domain 't1'\nerror: unsupported configuration: initial memory size overflowed after alignment");
    expect(result.host.nextId).toBe(2);
  });
  test("undefine: gone, or transient while it runs", () => {
    expect(runVirsh(hostOf(shutOff()), "undefine t1").host.domains).toEqual([]);
    const transient = runVirsh(hostOf(running()), "undefine t1").host;
    expect(only(transient).persistent).toBe(false);
    expect(shell(transient, "undefine t1")).toBe("1\nerror: Failed to undefine domain 't1'\nerror: Requested operation is not valid: cannot undefine transient domain");
    expect(runVirsh(transient, "destroy t1").host.domains).toEqual([]);
  });
});

describe("native formats", () => {
  const files: Host["files"] = {"a.xml": file(gib), "n.cfg": {kind: "xl", memory: 500, maxmem: 1024}, "n.args": {kind: "other"}};
  const on = (driver: Host["driver"]): Host => ({...withFiles(hostOf(), files), driver});
  test("what each driver writes", () => {
    expect(runVirsh(on("qemu"), "domxml-to-native qemu-argv a.xml")).toMatchObject({exitCode: 0, stdout: '-m 1024\n"size":1073741824', missing: ["what is not about memory"]});
    expect(shell(on("xen"), "domxml-to-native xen-xl a.xml")).toBe("0\nmaxmem = 1024\nmemory = 477");
    expect(shell(on("xen"), "domxml-to-native xen-xm a.xml")).toBe("0\nmaxmem = 1024\nmemory = 477");
    expect(shell({...on("qemu"), domains: [shutOff()]}, "domxml-to-native qemu-argv --domain t1")).toBe('0\n-m 1024\n"size":1073741824');
  });
  test.each([
    ["qemu", "domxml-to-native xen-xl a.xml", "invalid argument: unsupported config type xen-xl"],
    ["test", "domxml-to-native qemu-argv a.xml", "this function is not supported by the connection driver: virConnectDomainXMLToNative"],
    ["xen", "domxml-to-native xen-sxpr a.xml", "invalid argument: unsupported config type xen-sxpr"],
    ["qemu", "domxml-from-native qemu-argv n.args", "this function is not supported by the connection driver: virConnectDomainXMLFromNative"],
    ["test", "domxml-from-native xen-xl n.cfg", "this function is not supported by the connection driver: virConnectDomainXMLFromNative"],
    ["xen", "domxml-from-native qemu-argv n.args", "invalid argument: unsupported config type qemu-argv"]
  ] as const)("%s: %s", (driver, line, message) => {
    expect(shell(on(driver), line)).toBe(`1\nerror: ${message}`);
  });
  test("what libxl reads", () => {
    expect(shell(on("xen"), "domxml-from-native xen-xl n.cfg")).toBe("0\n  <memory unit='KiB'>1048576</memory>\n  <currentMemory unit='KiB'>512000</currentMemory>");
  });
  test("a file nobody knows is no answer", () => {
    expect(() => runVirsh(on("qemu"), "domxml-to-native qemu-argv b.xml")).toThrow(ModelError);
    expect(() => runVirsh(on("xen"), "domxml-from-native xen-xl n.args")).toThrow(ModelError);
  });
});

test("what the model does not know it says, in place of an answer", () => {
  expect(commandNames).toEqual(expect.arrayContaining(["setmem", "setmaxmem", "memtune", "dommemstat", "domstats", "dominfo", "define", "dumpxml", "start", "destroy", "undefine"]));
  for (const line of ["virsh setvcpus t1 2", "virsh setmem --help", "virsh", "virsh define nosuch.xml"]) {
    try {
      runVirsh(hostOf(shutOff()), line);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({name: "ModelError", code: "unsupported-command", path: "command"});
    }
  }
});
