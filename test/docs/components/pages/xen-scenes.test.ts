import {describe, expect, test} from "vitest";
import hvmRecorded from "../../../../data/recordings/xen-xl-hvm-2048-2048.json" with {type: "json"};
import pvhRecorded from "../../../../data/recordings/xen-xl-pvh-2048-2048.json" with {type: "json"};
import type {XenTimeline} from "../../../../src/simulation/xen/simulate-xen.ts";
import {simulateXen} from "../../../../src/simulation/xen/simulate-xen.ts";
import {kib, mib, mibToKib, seconds} from "../../../../src/units.ts";
import {autoballoonRows, outcome} from "../../../../docs/components/build/autoballoon.tsx";
import {eraRows} from "../../../../docs/components/build/eras.tsx";
import {renderScene} from "../../../../docs/components/build/scene.tsx";
import {scenesOf} from "../../../../docs/components/pages/scenes.ts";
import {run as runFv} from "../../../../docs/components/model/xen-fv.ts";
import {run as runPv} from "../../../../docs/components/model/xen.ts";
import {toolsAt} from "../../../../docs/components/model/xen-tools.ts";
import {page as fv} from "../../../../docs/components/pages/xen-fv.tsx";
import {podLevels} from "../../../../docs/components/pages/xen-fv-pod.tsx";
import {page as pv} from "../../../../docs/components/pages/xen-pv.tsx";
import {initialState, type Setting} from "../../../../docs/components/state/page-state.ts";

/** What the captions and the prose of the pages on Xen say, held against the runs that are drawn. */
const setting = (page: string, name: string): Setting => {
  const found = scenesOf[page]?.find(name);
  if (!found) throw new Error(`no scene ${name}`);
  return found.scene.setting;
};
const pvRun = (name: string): XenTimeline => runPv(setting("xen-pv", name));
const fvRun = (name: string): XenTimeline => runFv(setting("xen-fv", name));
const inMib = (run: XenTimeline, at: number): Record<string, number> => {
  const s = run.stateAt(seconds(at));
  return Object.fromEntries(Object.entries(s).map(([name, value]) => [name, name === "time" || name === "retryCount" || name === "scheduleDelay" ? value : value / 1024]));
};
const said = (run: XenTimeline, part: string): number => run.log.filter(({text}) => text.includes(part)).reduce((sum, {count}) => sum + count, 0);

describe("PV", () => {
  test("headroom: two targets above the maximum are refused, the last one is not", () => {
    const run = pvRun("headroom");
    expect([0, 15, 28, 36, 46].map((t) => inMib(run, t)["actual"])).toEqual([1024, 2048, 1024, 512, 2048]);
    expect(said(run, "memory_dynamic_max must be less than or equal to memory_static_max")).toBe(2);
  });

  test("the clamp is at 11 times memory, and what is beyond needs somebody to bring it online", () => {
    expect(inMib(pvRun("clamp"), 20)).toMatchObject({actual: 2816, guestTarget: 4096, resident: 2816, outsideMap: 1280});
    expect(inMib(pvRun("online"), 46)).toMatchObject({actual: 4096, resident: 4096});
  });

  test("a guest that balloons itself stops at the cap, and so does one that was told past xl", () => {
    const run = pvRun("self-balloon");
    expect(inMib(run, 20)).toMatchObject({actual: 1025, guestTarget: 1536, xenMax: 1025, target: 1024});
    expect(inMib(run, 28)).toMatchObject({actual: 768, target: 1024, xenMax: 1025});
    expect(inMib(run, 46)).toMatchObject({actual: 1025, target: 4096, xenMax: 1025});
    expect(said(run, "Over-allocation")).toBe(9);
  });

  test("the stall: four tries, then nothing, whatever becomes free; another target wakes the driver", () => {
    const run = pvRun("stall");
    expect([17.8, 41.9, 46].map((t) => Math.round(inMib(run, t)["resident"] ?? 0))).toEqual([1536, 1342, 1342]);
    expect(inMib(run, 46)["memFree"]).toBeGreaterThan(1200);
    expect(inMib(pvRun("woken"), 46)).toMatchObject({actual: 1023, resident: 1023});
  });

  test("what a guest gave up is whoever asks next's", () => expect(inMib(pvRun("taken"), 46)).toMatchObject({resident: 1124, target: 2048, hostFree: 0}));

  test("mem-max moves the cap and no memory", () => expect(inMib(pvRun("mem-max"), 46)).toMatchObject({xenMax: 3073, staticMax: 3072, target: 3072, actual: 2048}));

  test("2009: nobody stops the guest; today the cap does", () => {
    expect(inMib(pvRun("then-2009"), 46)).toMatchObject({actual: 1536, target: 1024, xenMax: 2048});
    expect(inMib(pvRun("now-2009"), 46)).toMatchObject({actual: 1025, target: 1024, xenMax: 1025});
  });

  test("a target that is much too small ends in a panic, and the domain goes", () => {
    const run = pvRun("death");
    expect(Math.round(inMib(run, 25)["actual"] ?? 0)).toBe(146);
    expect(inMib(run, 46)).toMatchObject({resident: 0, configured: 2048});
    expect(said(run, "Kernel panic")).toBe(1);
  });

  test("xl create: nobody asked, dom0 asked, dom0 stalls, dom0 cannot be asked", () => {
    expect(autoballoonRows().map(({result}) => outcome(result).replace(/[\d,]+(?=\u00a0)/, "N"))).toEqual([
      "built; nobody is asked",
      "built, once dom0 has moved",
      "not built: failed to free memory for the domain; dom0 stalls at N\u00a0MiB",
      "not built: failed to free memory for the domain; dom0 would fall below its least size"
    ]);
  });

  test("every parameter of the two sets that differs is in the table, with a source each", () => {
    const rows = eraRows();
    expect(rows).toHaveLength(9);
    for (const {then, now, sources} of rows) {
      expect(then).not.toBe(now);
      for (const source of sources) expect(source).toMatch(/^\S.+\(.+\)$/);
    }
  });
});

describe("PVH and HVM", () => {
  test("written too soon, and saved in time", () => {
    for (const name of ["memtest", "no-driver"]) {
      expect(inMib(fvRun(name), 46)).toMatchObject({resident: 0, memTotal: 0});
      expect(said(fvRun(name), "out of PoD memory!")).toBe(1);
    }
    expect(inMib(fvRun("no-driver"), 19)["resident"]).toBe(1024.0625);
    expect(inMib(fvRun("rescued"), 46)).toMatchObject({resident: 2048.0625, neverTouched: 0});
  });

  test("nothing promised: MemTotal one to one, HVM 8 KiB below PVH, and 1023 in xl list", () => {
    const [pvh, hvm] = [fvRun("pvh"), fvRun("hvm")];
    for (const [run, down] of [[pvh, 9], [hvm, 15]] as const) expect((inMib(run, 0)["memTotal"] ?? 0) - (inMib(run, down)["memTotal"] ?? 0)).toBe(1024);
    expect([pvhRecorded, hvmRecorded].map(({steps}) => steps.flatMap(({after: {guest}}) => (guest === undefined ? [] : [guest.MemTotalKiB])))).toEqual([[2014532, 965956, 2014532], [2014524, 965948, 2014524]]);
    expect(Math.floor(inMib(hvm, 15)["resident"] ?? 0)).toBe(1023);
    expect([pvh, hvm].map((run) => run.stateAt(seconds(0)).target - run.stateAt(seconds(0)).guestTarget)).toEqual([388, 396]);
  });

  test("a full machine gives what it has", () => expect(inMib(fvRun("host-full"), 46)).toMatchObject({resident: 1280.0625, hostFree: 0, target: 2048}));

  test("0 <= P <= T <= B <= M on every page state that is drawn", () => {
    for (const name of scenesOf["xen-fv"]?.names ?? []) {
      const c = fv.compute(setting("xen-fv", name), null);
      for (let t = 0; t <= 46; t += 0.5) {
        const {maximum, map, owned, populated} = podLevels(c, t);
        expect([0, populated, owned, map, maximum]).toEqual([0, populated, owned, map, maximum].sort((a, b) => a - b));
      }
    }
  });

  test("the question names what the kernel calls free", () => {
    const c = fv.compute(initialState(fv.spec), null);
    expect(fv.prediction?.question).toContain("1,460 MiB");
    expect(Math.round(c.run.stateAt(seconds(4)).memFree / 1024)).toBe(1460);
  });

  test("the limits of a guest that is too small: destroyed, in vain, alive", () => {
    const end = (memory: number): string => {
      const run = simulateXen({machine: {type: "pvh", memory: mibToKib(mib(memory)), maxmem: kib(2048 * 1024)}, duration: seconds(230), step: seconds(0.5)});
      return run.log.at(-1)?.text ?? "";
    };
    expect([112, 120, 184, 188].map(end)).toEqual([
      "the domain crashed and was destroyed",
      "the guest panicked and its domain was destroyed",
      "the guest panicked and its domain was destroyed",
      "xen:balloon: Initial ballooning down finished."
    ]);
  });

  test("video memory: what xl writes and where the map ends", () => {
    const initial = initialState(fv.spec);
    const run = runFv({params: {...initial.params, type: 1, vga: 16}, events: [{type: "mem-set", at: 20, value: 1024}]});
    expect([inMib(run, 0)["target"], inMib(run, 46)["target"]]).toEqual([1024 - 17, 1008]);
    const levels = fv.figures["map"]?.data(fv.compute({params: {...initial.params, type: 1, vga: 16}, events: []}, null)).rows ?? [];
    expect(levels.findLast(([size, type, , , what]) => size === 2048 && type === "HVM" && what === "usable")?.[3]).toBe(`0x${(2032 * 2 ** 20 - 4096 - 1).toString(16)}`);
  });
});

describe("the tools beside", () => {
  const commands = (page: typeof pv, run: XenTimeline, time: number, now = initialState(page.spec)): string[] => toolsAt(run, now, time).map(({command}) => command);

  test("PV: what was typed, xl, xenstore, the driver's files, free, the map", () => {
    const now = initialState(pv.spec);
    const out = toolsAt(runPv(now), now, 24);
    expect(out.map(({command}) => command)).toEqual(["cat guest.cfg", "xl mem-set guest 1024", "xl list guest", "xenstore-ls /local/domain/1/memory", "cd /sys/devices/system/xen_memory/xen_memory0; grep . *_* target info/*", "free -m", "head -5 /proc/meminfo", "dmesg | grep 'Xen: '"]);
    expect(out.find(({command}) => command === "xl list guest")?.output).toMatch(/guest +1 +1024 +1 /);
    expect(out.at(-1)?.output).toContain("Xen: [mem 0x0000000000100000-0x000000007fffffff] usable");
    expect(out.find(({command}) => command.startsWith("cd "))?.output).toContain("info/low_kb:1048576");
  });

  test("the configuration: what HVM has beyond PVH", () => {
    const file = (params: Readonly<Record<string, number>>): string => {
      const now = {...initialState(fv.spec), params: {...initialState(fv.spec).params, ...params}};
      return toolsAt(runFv(now), now, 4)[0]?.output ?? "";
    };
    expect(file({})).toBe('name="guest"\ntype="pvh"\nmemory=1024\nmaxmem=2048');
    expect(file({type: 1})).toBe('name="guest"\ntype="hvm"\nmemory=1024\nmaxmem=2048\nvga="none"');
    expect(file({type: 1, vga: 16, hole: 1024, memory: 4096})).toBe('name="guest"\ntype="hvm"\nmemory=2048\nmaxmem=2048\nvga="stdvga"\nvideoram=16\nmmio_hole=1024');
  });

  test("a stalled driver shows its retries and its wait", () => {
    const stalled = setting("xen-pv", "stall");
    const files = toolsAt(runPv(stalled), stalled, 27).find(({command}) => command.startsWith("cd "))?.output ?? "";
    expect(files).toContain("retry_count:4");
    expect(files).toContain("schedule_delay:8");
  });

  test("a guest that waits has a console and no shell; one that is gone has neither", () => {
    const run = runFv(initialState(fv.spec));
    expect(commands(fv, run, 4)).toEqual(["cat guest.cfg", "xl list guest", "xenstore-ls /local/domain/1/memory", "xl console guest"]);
    expect(commands(fv, run, 12)).toContain("free -m");
    const gone = setting("xen-fv", "memtest");
    const out = toolsAt(fvRun("memtest"), gone, 10);
    expect(out.map(({command}) => command)).toEqual(["cat guest.cfg", "xl list guest", "xl dmesg", "xl console guest"]);
    expect(out[1]?.output).toBe("guest is an invalid domain identifier (rc=-6)");
    expect(out[2]?.output).toContain("(XEN) p2m_pod_demand_populate: Dom1 out of PoD memory!");
  });

  test("without a driver there are no files of it", () => {
    const now = {...initialState(pv.spec), params: {...initialState(pv.spec).params, driver: 0}};
    expect(commands(pv, runPv(now), 24, now).some((command) => command.startsWith("cd "))).toBe(false);
  });
});

test("a scene that does not exist is an error of the build", () => {
  expect(() => renderScene("xen-pv", "nothing")).toThrow("no scene of xen-pv: nothing");
  expect(() => renderScene("nowhere", "stall")).toThrow("no scene of nowhere: stall");
  expect(renderScene("xen-fv", "memtest")).toMatch(/^<figure class="scene" id="scene-memtest">/);
});
