import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {resolveXenMachine, type XenMachine, type XenMachineSpec} from "../../../src/domain/xen/machine.ts";
import {buildDomain, capFor, startDomain, writable, type XenDomainState} from "../../../src/host/xen/domain.ts";
import {decrease, populate, setPodTarget, touch} from "../../../src/host/xen/hypercalls.ts";
import {kib} from "../../../src/units.ts";

const GIB = 1024 * 1024;
const machine = (spec: Partial<XenMachineSpec>): XenMachine => resolveXenMachine({type: "pv", memory: kib(GIB), ...spec});
const quiet = (): void => undefined;
const domain = (changes: Partial<XenDomainState> = {}): XenDomainState => ({tot: 1000, max: 1256, special: 0, entries: 0, populated: 0, crashed: false, overAllocations: 0, ...changes});

describe("building", () => {
  test("a PV domain gets memory and may own 1 MiB more", () => {
    expect(buildDomain(machine({maxmem: kib(2 * GIB)}))).toEqual(domain({tot: 262144, max: 262400, populated: 262144}));
  });

  test("in 2009 the cap was the maximum", () => {
    expect(buildDomain(machine({maxmem: kib(2 * GIB), parameters: "2009"})).max).toBe(524288);
  });

  test("dom0's cap is its maximum", () => {
    expect(buildDomain(machine({type: "dom0", maxmem: kib(2 * GIB), hostMachine: {memory: kib(4 * GIB)}}))).toMatchObject({tot: 262144, max: 524288});
  });

  test("a PVH domain has the rest of its map as entries, and special pages, one of which goes when it starts", () => {
    const spec = machine({type: "pvh", maxmem: kib(2 * GIB)});
    const built = buildDomain(spec);
    const host = {free: 100};
    expect(built).toEqual(domain({tot: 262161, max: 262400, special: 17, entries: 262144}));
    startDomain(spec, built, host);
    expect([built.tot, built.special, host.free, writable(built)]).toEqual([262160, 16, 101, 262144]);
  });

  test("an HVM domain lacks the VGA hole, and firmware takes 11 pages beyond it", () => {
    const spec = machine({type: "hvm", memory: kib(2 * GIB)});
    const built = buildDomain(spec);
    expect(built.tot * 4).toBe(2097088);
    startDomain(spec, built, {free: 100});
    expect(built.tot * 4).toBe(2097132);
  });

  test("a cap is whole pages of size and margin", () => {
    expect(capFor(machine({}), 511999)).toBe(128255);
    expect(capFor(machine({parameters: "2009"}), 511999)).toBe(127999);
  });
});

describe("populate", () => {
  test("gives what is asked while there is room", () => {
    const [one, host] = [domain(), {free: 5000}];
    expect(populate(one, host, 200, quiet)).toBe(200);
    expect([one.tot, host.free, one.overAllocations]).toEqual([1200, 4800, 0]);
  });

  test("stops at the cap and says so, once a call", () => {
    const lines: string[] = [];
    const one = domain();
    expect(populate(one, {free: 5000}, 512, (line) => lines.push(line))).toBe(256);
    expect(populate(one, {free: 5000}, 512, (line) => lines.push(line))).toBe(0);
    expect(one.overAllocations).toBe(2);
    expect(lines).toEqual(Array(2).fill("(XEN) d<domid>v0 Over-allocation for d<domid>: 1257 > 1256"));
  });

  test("a cap below what is owned takes nothing away", () => {
    const one = domain({max: 500});
    expect(populate(one, {free: 5000}, 1, quiet)).toBe(0);
    expect(one.tot).toBe(1000);
  });

  test("stops when the machine has no more, without a word: Xen does not overcommit", () => {
    const [one, host, lines] = [domain(), {free: 100}, [] as string[]];
    expect(populate(one, host, 200, (line) => lines.push(line))).toBe(100);
    expect([one.tot, host.free, lines.length]).toEqual([1100, 0, 0]);
  });
});

describe("populate on demand", () => {
  test("pages given up are promises first, and the domain owns as much as before", () => {
    const [one, host] = [domain({entries: 300, populated: 10}), {free: 0}];
    decrease(one, host, 200);
    expect([one.tot, one.entries, host.free]).toEqual([1000, 100, 0]);
    decrease(one, host, 200);
    expect([one.tot, one.entries, host.free, one.populated]).toEqual([900, 0, 100, 10]);
  });

  test("a guest that gives up all it has written to has written to no more than it owns", () => {
    const one = domain({populated: 1000});
    decrease(one, {free: 0}, 400);
    expect(one.populated).toBe(600);
  });

  test("a higher target turns promises into pages, as far as cap and machine allow", () => {
    const [one, host] = [domain({entries: 300}), {free: 5000}];
    setPodTarget(one, host, 1100);
    expect([one.tot, one.entries, host.free]).toEqual([1100, 200, 4900]);
    setPodTarget(one, host, 9999);
    expect([one.tot, one.entries]).toEqual([1256, 44]);
    const poor = {free: 7};
    const two = domain({entries: 300});
    setPodTarget(two, poor, 1100);
    expect([two.tot, poor.free]).toEqual([1007, 0]);
  });

  test("a lower one, or one without promises, changes nothing", () => {
    const [one, two] = [domain({entries: 300}), domain()];
    setPodTarget(one, {free: 10}, 900);
    setPodTarget(two, {free: 10}, 1100);
    expect([one.tot, one.entries, two.tot]).toEqual([1000, 300, 1000]);
  });

  test("writing to more than it owns crashes the domain", () => {
    const lines: string[] = [];
    const one = domain({entries: 300, special: 16});
    touch(one, 984, (line) => lines.push(line));
    expect([one.crashed, one.populated, lines.length]).toEqual([false, 984, 0]);
    touch(one, 985, (line) => lines.push(line));
    expect(one.crashed).toBe(true);
    expect(lines).toEqual([
      "(XEN) p2m_pod_demand_populate: Dom<domid> out of PoD memory! (tot=1000 ents=300 dom<domid>)",
      "(XEN) domain_crash called from arch/x86/mm/p2m-pod.c:1304",
      "(XEN) Domain <domid> (vcpu#0) crashed on cpu#1:"
    ]);
    touch(one, 1200, (line) => lines.push(line));
    expect(lines).toHaveLength(3);
  });

  test("without promises there is nothing to crash on", () => {
    const one = domain();
    touch(one, 5000, quiet);
    expect([one.crashed, one.populated]).toEqual([false, 1000]);
  });

  test("0 <= populated <= owned, and pages only move between the domain and the machine", () => {
    const act = fc.record({kind: fc.constantFrom("populate", "decrease", "target"), pages: fc.integer({min: 0, max: 600})});
    fc.assert(
      fc.property(fc.array(act), fc.integer({min: 0, max: 1000}), (acts, entries) => {
        const [one, host] = [domain({entries}), {free: 800}];
        for (const {kind, pages} of acts) {
          if (kind === "populate") populate(one, host, pages, quiet);
          else if (kind === "decrease") decrease(one, host, Math.min(pages, one.tot + one.entries));
          else setPodTarget(one, host, pages + 900);
          expect(one.tot + host.free).toBe(1800);
          expect(one.tot).toBeLessThanOrEqual(1256);
          expect(one.entries).toBeGreaterThanOrEqual(0);
        }
      })
    );
  });
});
