import {h} from "preact";
import {renderToString} from "preact-render-to-string";
import {describe, expect, test} from "vitest";
import {caseLinks} from "../../../../docs/components/explain/case-link.ts";
import {examples} from "../../../../docs/components/explain/examples.ts";
import {LiveFigure} from "../../../../docs/components/explain/live-figure.tsx";
import {ENDS_AT, liveOf, SETTLED_AT, type Live} from "../../../../docs/components/explain/live.ts";
import {pageById} from "../../../../docs/components/pages/index.ts";
import {decode} from "../../../../docs/components/state/link.ts";
import {explain} from "../../../../src/explain/explain.ts";
import {seconds} from "../../../../src/units.ts";

const kvm = (body: string, type = "kvm"): string => `<domain type='${type}'>${body}</domain>`;
const half = "<memory unit='MiB'>2048</memory><currentMemory unit='MiB'>1024</currentMemory>";

function ran(text: string): Live {
  const live = liveOf(explain(text));
  return typeof live === "string" ? expect.fail(live) : live;
}

/** MiB at a moment. */
const at = ({run}: Live, time: number): Readonly<Record<string, number>> => Object.fromEntries(Object.entries(run.stateAt(seconds(time))).map(([key, value]) => [key, Math.round(value / 1024)]));

const html = (text: string): string => renderToString(h(LiveFigure, {explanation: explain(text), atOnce: true}));

describe("the run of exactly what was pasted", () => {
  test("QEMU: boots with all, shrinks when the driver loads, holds what was written", () => {
    const live = ran(kvm(half));
    expect(at(live, 1)).toMatchObject({configured: 2048, target: 1024, balloon: 0});
    expect(at(live, SETTLED_AT)).toMatchObject({configured: 2048, actual: 1024, balloon: 1024});
    const [calm, full, after] = [SETTLED_AT, ENDS_AT - 1, 24].map((time) => at(live, time));
    expect(full?.resident).toBeGreaterThan((calm?.resident ?? 0) + 700);
    expect(after).toMatchObject({resident: full?.resident});
    expect([live.cap, live.driverAt]).toEqual([null, 2]);
  });

  test("every size runs to the same moments", () => {
    for (const gib of [1, 3, 16, 256]) expect(at(ran(kvm(`<memory unit='GiB'>${gib}</memory><currentMemory unit='MiB'>${gib * 512}</currentMemory>`)), SETTLED_AT)).toMatchObject({configured: gib * 1024, actual: gib * 512});
  });

  test("the balloon is the one that was asked for", () => {
    const stays = ran(kvm(`${half}<devices><memballoon model='virtio' autodeflate='on'/></devices>`));
    expect(at(stays, SETTLED_AT).memTotal).toBe(at(stays, 1).memTotal);
    expect(at(ran(kvm(`${half}<devices><memballoon model='none'/></devices>`)), SETTLED_AT)).toMatchObject({actual: 2048, balloon: 0});
    expect(html(kvm(`${half}<devices><memballoon model='none'/></devices>`))).toContain("It has no balloon.");
    const returned = ran(kvm(`<memory unit='MiB'>2048</memory><devices><memballoon model='virtio' freePageReporting='on'/></devices>`));
    expect(at(returned, 24).resident).toBeLessThan((at(returned, ENDS_AT - 1).resident ?? 0) - 500);
  });

  test("a limit is in force, and its end is told", () => {
    const limited = ran(kvm("<memory unit='MiB'>1024</memory><memtune><hard_limit unit='MiB'>512</hard_limit></memtune>"));
    expect(limited.cap).toBe(512 * 1024);
    expect(at(limited, 24).cgroupCurrent).toBeLessThanOrEqual(512);
    expect(at(limited, 17).hostSwapped).toBeGreaterThan(100);
  });

  test("Xen owns what it was built with; the cap is the target and 1 MiB", () => {
    const pv = ran("type='pv'\nmemory=1024\nmaxmem=2048\n");
    expect([at(pv, SETTLED_AT).resident, pv.cap]).toEqual([1024, 1025 * 1024]);
    const pvh = ran("type='pvh'\nmemory=1024\nmaxmem=2048\n");
    expect(at(pvh, 0).balloon).toBe(0);
    expect(at(pvh, SETTLED_AT)).toMatchObject({configured: 2048, actual: 1024});
  });

  test("ESX: the limit is met by a balloon that the guest's total does not show", () => {
    const vmx = ran('config.version = "8"\nmemsize = "2048"\nsched.mem.max = "1024"\n');
    expect(at(vmx, SETTLED_AT)).toMatchObject({configured: 2048, balloon: 0});
    expect(at(vmx, 24).balloon).toBeGreaterThan(500);
    expect([at(vmx, 24).resident, Math.round(vmx.written / 1024), vmx.driverAt]).toEqual([1024, 1229, 0]);
    const large = ran('config.version = "8"\nmemsize = "16384"\nsched.mem.max = "2048"\n');
    expect(at(large, 24).balloon).toBe(Math.round(0.65 * 16384));
    expect(at(large, 24).hostSwapped).toBeGreaterThan(200);
    expect(at(large, 24).resident).toBeLessThan(2300);
    expect(at(vmx, 24).memTotal).toBe(at(vmx, 0).memTotal);
  });

  test.each([
    [kvm("<memory unit='GiB'>4</memory>", "lxc"), "a container has no memory of its own: its limit is all there is"],
    [kvm("<memory unit='GiB'>4</memory>", "bhyve"), "the model has no driver for a domain of type bhyve"],
    [kvm("<memory unit='GiB'>4</memory><os><type arch='ppc64'>hvm</type></os>"), "the model's guests are x86, and this one is ppc64"],
    [kvm("<memory unit='KiB'>4096</memory>"), "the model cannot run it: kernel does not fit"],
    [kvm("<memory unit='GiB'>4</memory><os><type machine='microvm'>hvm</type></os>"), "the model cannot run it: unknown machine type: microvm"],
    ["actual 524288\nrss 1203420\n", "there is no machine in this text"]
  ])("%s has none, and says why", (text, why) => expect(liveOf(explain(text))).toBe(why));
});

describe("the case page's link", () => {
  const states = (text: string) =>
    caseLinks(explain(text)).map(({page, href, differs}) => {
      const spec = pageById(page)?.spec ?? expect.unreachable();
      const [path, fragment = ""] = href.split("#");
      const {state, problem, heading} = decode(spec, `#${fragment}`);
      expect([path, problem, heading]).toEqual([`./${page}.html`, null, "the-same-pages-seen-twice"]);
      return {page, differs, params: state.params, events: state.events};
    });

  test("opens this machine", () => {
    expect(states(kvm(half))).toMatchObject([{page: "qemu-kvm", differs: "", params: {configured: 2048, target: 1024, device: 1, deflate: 0}}]);
    expect(states(kvm(half))[0]?.events.map(({type}) => type)).toEqual(["load-driver", "target"]);
    expect(states(kvm(`${half}<devices><memballoon model='none'/></devices>`))[0]).toMatchObject({params: {device: 0}, events: [{type: "target"}]});
    expect(states(kvm(`${half}<memtune><hard_limit unit='MiB'>1100</hard_limit></memtune>`))).toMatchObject([{page: "cgroups", differs: "", params: {configured: 2048, target: 1024, cap: 1100, kind: 0}}, {page: "qemu-kvm", differs: "no limit on the host"}]);
    expect(states(kvm(`${half}<memtune><soft_limit unit='MiB'>1100</soft_limit></memtune>`))[0]).toMatchObject({page: "cgroups", params: {kind: 1}});
    expect(states("type='pv'\nmemory=1024\nmaxmem=2048\n")).toMatchObject([{page: "xen-pv", differs: "", params: {configured: 2048, memory: 1024}}]);
    expect(states("type='hvm'\nmemory=1024\nmaxmem=2048\n")).toMatchObject([{page: "xen-fv", differs: "", params: {type: 1, memory: 1024}}]);
    expect(states('config.version = "8"\nmemsize = "2048"\nsched.mem.max = "1024"\n')).toMatchObject([{page: "esx", differs: "", params: {configured: 2048, limit: 1024}}]);
    expect(states('config.version = "8"\nmemsize = "2048"\n')[0]?.events.map(({type}) => type)).toEqual(["allocate"]);
  });

  test("says what the page cannot take", () => {
    expect(states(kvm("<memory unit='GiB'>64</memory>"))).toMatchObject([{differs: "configured 4096 instead of 65536 MiB, target 4096 instead of 65536 MiB", params: {configured: 4096}}]);
    expect(states(kvm(`${half}<os><type machine='q35'>hvm</type></os>`))).toMatchObject([{differs: "machine type pc instead of q35"}]);
    expect(states(examples.find(({id}) => id === "qemu")?.text ?? "")[0]?.differs).toContain("no memory devices");
  });

  test("there is none for what no page shows", () => {
    for (const text of [kvm(half, "lxc"), kvm(`${half}<os><type arch='ppc64'>hvm</type></os>`), "actual 1\n"]) expect(caseLinks(explain(text))).toEqual([]);
  });
});

describe("the figure", () => {
  test("shows the settled machine, its assumptions and the link", () => {
    const shown = html(kvm(half));
    expect(shown).toMatch(new RegExp(`At ${SETTLED_AT} s the guest has 943\\sMiB of MemTotal`));
    expect(shown).toContain("exactly this machine");
    expect(shown).toMatch(/Linux 6\.1 as the guest/);
    expect(shown).not.toContain("Left out of this run");
    expect(shown.split("<svg").length).toBe(3);
  });

  test("marks what it cannot know", () => {
    expect(html(kvm(`${half}<memoryBacking><hugepages/></memoryBacking>`))).toContain("Left out of this run: huge pages.");
    expect(html(kvm(half, "lxc"))).toContain("No run of it: a container");
    expect(html("actual 1\n")).toBe("");
  });

  test("waits for a rest while one types", () => expect(renderToString(h(LiveFigure, {explanation: explain(kvm(half)), atOnce: false}))).toBe(""));
});
