import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {XlDomain} from "../../../src/control/libxl/types.ts";
import {setMaxMemory} from "../../../src/control/libxl/set-max-memory.ts";
import {setMemoryTarget} from "../../../src/control/libxl/set-memory-target.ts";
import {onLibxl, settleOnLibxl} from "../../../src/control/libxl/libvirt.ts";
import {setMaxMemory as libvirtSetMaxMemory} from "../../../src/control/libvirt/api.ts";
import {findDomain, runXl, xlCommands} from "../../../src/control/xl/run.ts";
import {parseMemSize} from "../../../src/control/xl/size.ts";
import {memMiB} from "../../../src/control/xl/list.ts";
import {resolveXenMachine} from "../../../src/domain/xen/machine.ts";
import {kib, seconds} from "../../../src/units.ts";
import {running, shutOff} from "../fixture.ts";

const MIB = 1024;
const GIB = 1024 * MIB;

function domain(changes: Partial<XlDomain> = {}): XlDomain {
  const machine = resolveXenMachine({type: "pv", memory: kib(GIB), maxmem: kib(2 * GIB)});
  return {name: "guest", id: 3, machine, target: kib(GIB), staticMax: kib(2 * GIB), videoram: kib(0), current: kib(GIB), vcpus: 1, ...changes};
}

const pvh = resolveXenMachine({type: "pvh", memory: kib(GIB), maxmem: kib(2 * GIB)});
const dom0 = domain({name: "Domain-0", id: 0, machine: resolveXenMachine({type: "dom0", memory: kib(GIB), hostMachine: {memory: kib(4 * GIB)}})});

describe("sizes", () => {
  test.each([
    ["1024", GIB],
    ["1024m", GIB],
    ["1G", GIB],
    ["1t", 1024 * GIB],
    ["300k", 300],
    ["2047b", 1],
    ["0", 0]
  ])("%s", (text, size) => expect(parseMemSize(text)).toBe(size));

  test.each(["", "m", "1MB", "1.5g", "-1", "1x", " 1"])("%j is none", (text) => {
    expect(parseMemSize(text)).toBeNull();
  });
});

describe("xl mem-set", () => {
  test("moves Xen's cap and the target, in that order", () => {
    expect(runXl([domain()], "xl mem-set guest 512")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
      effects: [
        {kind: "cap", domain: 3, size: 513 * MIB},
        {kind: "target", domain: 3, size: 512 * MIB}
      ]
    });
  });

  test("a domain is named by its name or number, and xl may be left out", () => {
    expect(runXl([domain()], "mem-set 3 512").effects).toHaveLength(2);
    expect(findDomain([domain(), dom0], "0")?.name).toBe("Domain-0");
  });

  test("PVH and HVM also get a pool", () => {
    expect(runXl([domain({machine: pvh})], "xl mem-set guest 512").effects[1]).toEqual({kind: "pod-target", domain: 3, size: 513 * MIB});
  });

  test("video memory is inside what is asked, outside what the guest is told", () => {
    expect(setMemoryTarget(domain({videoram: kib(16 * MIB)}), 512 * MIB)).toEqual({
      ok: true,
      effects: [
        {kind: "cap", domain: 3, size: 513 * MIB},
        {kind: "target", domain: 3, size: 496 * MIB}
      ]
    });
  });

  test("above static-max it is refused", () => {
    expect(runXl([domain()], "xl mem-set guest 2049")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "libxl: error: libxl_mem.c:278:libxl_set_memory_target: Domain 3:memory_dynamic_max must be less than or equal to memory_static_max\n\ncannot set domid 3 dynamic max memory to : 2049",
      effects: []
    });
    expect(runXl([domain()], "xl mem-set guest 2048").exitCode).toBe(0);
  });

  test("dom0 keeps 128 MiB", () => {
    expect(runXl([dom0], "xl mem-set 0 127").stderr).toContain("New target 130048 for dom0 is below the minimum threshold");
    expect(runXl([dom0], "xl mem-set 0 128").exitCode).toBe(0);
  });

  test("in 2009 the cap stayed where it was", () => {
    const old = domain({machine: resolveXenMachine({type: "pv", memory: kib(GIB), parameters: "2009"})});
    expect(setMemoryTarget(old, 512 * MIB)).toEqual({ok: true, effects: [{kind: "target", domain: 3, size: 512 * MIB}]});
  });

  test("a difference is added to the target, and never goes below 0; without enforce the cap stays", () => {
    const relative = (size: number): unknown => setMemoryTarget(domain(), size, {relative: true, enforce: false});
    expect(relative(-MIB)).toEqual({ok: true, effects: [{kind: "target", domain: 3, size: GIB - MIB}]});
    expect(relative(-2 * GIB)).toEqual({ok: true, effects: [{kind: "target", domain: 3, size: 0}]});
    expect(relative(-GIB)).toEqual({ok: true, effects: [{kind: "target", domain: 3, size: 0}]});
    expect(relative(GIB + 1)).toMatchObject({ok: false});
  });

  test.each([
    ["xl mem-set guest", 2, "'xl mem-set' requires at least 2 arguments."],
    ["xl mem-max", 2, "'xl mem-max' requires at least 2 arguments."],
    ["xl mem-set other 1", 1, "other is an invalid domain identifier (rc=-6)"],
    ["xl mem-set guest lots", 1, "invalid memory size: lots"],
    ["xl destroy other", 1, "other is an invalid domain identifier (rc=-6)"],
    ["xl unpause", 1, " is an invalid domain identifier (rc=-6)"],
    ["xl list other", 1, "other is an invalid domain identifier (rc=-6)"],
    ["xl frobnicate", 1, "command not implemented"],
    ["", 1, "command not implemented"]
  ])("%j fails with %i", (command, exitCode, stderr) => {
    expect(runXl([domain()], command)).toEqual({exitCode, stdout: "", stderr, effects: []});
  });

  test("whatever is asked, it is refused or the cap is 1 MiB above the target", () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 4 * GIB}), (size) => {
        const result = setMemoryTarget(domain(), size);
        expect(result.ok).toBe(size <= 2 * GIB);
        if (result.ok) expect(result.effects.map((effect) => ("size" in effect ? effect.size : 0))).toEqual([size + MIB, size]);
      })
    );
  });
});

describe("xl mem-max", () => {
  test("sets the cap and static-max; the guest is not told", () => {
    expect(runXl([domain()], "xl mem-max guest 4096").effects).toEqual([
      {kind: "cap", domain: 3, size: 4097 * MIB},
      {kind: "static-max", domain: 3, size: 4 * GIB}
    ]);
    expect(runXl([domain()], "xl mem-max guest 1024").exitCode).toBe(0);
  });

  test("in 2009 the cap was the maximum itself", () => {
    const old = domain({machine: resolveXenMachine({type: "pv", memory: kib(GIB), parameters: "2009"})});
    expect(setMaxMemory(old, kib(4 * GIB))).toEqual({
      ok: true,
      effects: [
        {kind: "cap", domain: 3, size: 4 * GIB},
        {kind: "static-max", domain: 3, size: 4 * GIB}
      ]
    });
  });

  test("below the target it is refused", () => {
    expect(runXl([domain()], "xl mem-max guest 1023").stderr).toBe(
      "libxl: error: libxl_mem.c:59:libxl_domain_setmaxmem: Domain 3:memory_static_max must be greater than or or equal to memory_dynamic_max\ncannot set domid 3 static max memory to : 1023"
    );
  });
});

describe("the others", () => {
  test("list: what a domain owns, in whole MiB", () => {
    const list = [
      "Name                                        ID   Mem VCPUs\tState\tTime(s)",
      "Domain-0                                     0  1024     1     r-----       0.0",
      "guest                                        3   499     2     -b----      12.5"
    ];
    const domains = [dom0, domain({current: kib(511996), vcpus: 2, time: 12.5})];
    expect(runXl(domains, "xl list").stdout).toBe(list.join("\n"));
    expect(runXl(domains, "xl list guest").stdout).toBe([list[0], list[2]].join("\n"));
    expect(memMiB({current: kib(2097132)})).toBe(2047);
  });

  test("destroy and unpause are effects", () => {
    expect(runXl([domain()], "xl destroy guest").effects).toEqual([{kind: "destroy", domain: 3}]);
    expect(runXl([domain()], "xl unpause 3").effects).toEqual([{kind: "unpause", domain: 3}]);
    expect(xlCommands).toEqual(["mem-set", "mem-max", "list", "destroy", "unpause"]);
  });
});

describe("libvirt on libxl", () => {
  test("a live target and a live maximum are libxl's two calls", () => {
    expect(onLibxl(domain(), {kind: "balloon", target: kib(512 * MIB)})).toEqual(setMemoryTarget(domain(), 512 * MIB));
    expect(onLibxl(domain(), {kind: "maximum", size: kib(4 * GIB)})).toEqual(setMaxMemory(domain(), kib(4 * GIB)));
    expect(onLibxl(domain(), {kind: "stats-period", period: seconds(1)})).toBeNull();
  });

  test("a refusal of libxl is an internal error of libvirt", () => {
    expect(onLibxl(domain(), {kind: "balloon", target: kib(3 * GIB)})).toMatchObject({ok: false, message: "internal error: Failed to set memory for domain '3' with libxenlight"});
    expect(onLibxl(domain(), {kind: "maximum", size: kib(1)})).toMatchObject({ok: false, message: "internal error: Failed to set maximum memory for domain '3' with libxenlight"});
  });
  test("a call that libxl refuses fails, any other stays as it is", () => {
    const state = running({}, {driver: "xen"});
    const asked = libvirtSetMaxMemory(state, 1n);
    expect(settleOnLibxl(asked, domain())).toEqual({ok: false, error: {code: "VIR_ERR_INTERNAL_ERROR", message: "internal error: Failed to set maximum memory for domain '3' with libxenlight"}});
    expect(settleOnLibxl(asked, domain({target: kib(1)}))).toBe(asked);
    const refused = libvirtSetMaxMemory(state, 0n);
    expect(settleOnLibxl(refused, domain())).toBe(refused);
    const stored = libvirtSetMaxMemory(shutOff({}, {driver: "xen"}), 1n);
    expect(settleOnLibxl(stored, domain())).toBe(stored);
  });
});
