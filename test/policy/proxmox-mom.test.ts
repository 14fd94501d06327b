import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {checkRecording} from "../../src/check/check.ts";
import {parseRecordingText} from "../../src/check/parse.ts";
import {momPolicy, momRound} from "../../src/policy/mom.ts";
import type {PolicyGuest, PolicyHost} from "../../src/policy/policy.ts";
import {proxmoxPolicy, proxmoxRound} from "../../src/policy/proxmox.ts";
import {kib} from "../../src/units.ts";

const guest = (parts: Partial<PolicyGuest> = {}): PolicyGuest => ({
  name: "a", configured: kib(2000000), minimum: kib(500000), maximum: kib(2000000), shares: 1000, target: kib(1000000), current: kib(1000000), backed: kib(900000), active: null, free: kib(300000), available: null, driver: true, migrating: false, ...parts
});
const host = (parts: Partial<PolicyHost> = {}): PolicyHost => ({total: kib(10000000), free: kib(1000000), cached: kib(0), kept: kib(0), ...parts});

describe("the published file: Proxmox VE by its own tests, MOM by arithmetic on its rules", () => {
  test("every row", () => {
    const report = checkRecording(parseRecordingText(readFileSync("data/published/proxmox-mom.json", "utf8"), "proxmox-mom.json"));
    expect(report.comparisons.filter(({within}) => !within)).toEqual([]);
    expect([report.ok, report.comparisons.length, report.unpredicted]).toEqual([true, 51, []]);
  });

  test("a variant it does not know is refused", () => {
    const row = {given: {currentMB: 1, unusedMB: 0, minimumMB: 0, maximumMB: 1, hostFree: 0.5, variant: "xend"}, command: "mom", published: {targetMB: 1}};
    const text = JSON.stringify({about: "", recorded: {}, setup: {kind: "published"}, rows: [row]});
    expect(() => checkRecording(parseRecordingText(text, "one.json"))).toThrow(expect.objectContaining({code: "malformed-recording", path: "given.variant"}) as Error);
  });
});

describe("Proxmox VE, by its algorithm", () => {
  test("memory goes to those that are short first, and comes from those that are not", () => {
    const comfy = {current: 1000, minimum: 500, maximum: 2000, shares: 1000, free: 400};
    const short = {...comfy, free: 10};
    expect(proxmoxRound([comfy, short], 50, 100)).toEqual([1000, 1050]);
    expect(proxmoxRound([comfy, short], -50, 100)).toEqual([950, 1000]);
    expect(proxmoxRound([short, short], -50, 100)).toEqual([975, 975]);
    expect(proxmoxRound([], 50, 100)).toEqual([]);
  });

  test("as a policy: the host's use decides; small goals are left alone", () => {
    const policy = proxmoxPolicy().start();
    expect(policy.decide(host({free: kib(2005000)}), [guest()])).toEqual([1000000]);
    expect(policy.decide(host(), [guest()])).toEqual([1000000 - 102400]);
    expect(policy.decide(host({cached: kib(1000000)}), [guest()])).toEqual([1000000]);
    expect(policy.decide(host({free: kib(9000000)}), [guest({free: null})])).toEqual([1000000 + 102400]);
  });

  test("it touches only guests with a driver, a minimum and shares that stay", () => {
    const left = [guest({driver: false}), guest({migrating: true}), guest({shares: 0}), guest({minimum: kib(2000000)})];
    expect(proxmoxPolicy().start().decide(host(), left)).toEqual(left.map(({target}) => target));
    expect(proxmoxPolicy(0.5).start().decide(host({free: kib(5000000)}), [guest(), guest({driver: false})])).toEqual([1000000, 1000000]);
  });
});

describe("oVirt MOM, by its rules", () => {
  const one = {current: 1000, unused: 100, minimum: 200, maximum: 2000};

  test("under pressure 5 % a round, and below 5 % into the guest's swap", () => {
    expect(momRound({...one, unused: 600}, 0.1)).toBe(950);
    expect(momRound({...one, unused: 30}, 0.01)).toBe(950);
    expect(momRound({...one, unused: 1}, 0.1)).toBe(1000);
    expect(momRound({...one, unused: 102}, 0.1)).toBe(1000);
    expect(momRound({...one, current: 1000, minimum: 980, unused: 600}, 0.1)).toBe(980);
    expect(momRound({...one, current: 100, unused: 0}, 0.1)).toBe(200);
  });

  test("without, at least 5 %, at once what leaves a fifth free, and no more than there is", () => {
    expect(momRound({...one, unused: 500}, 0.5)).toBe(1050);
    expect(momRound({...one, unused: 0}, 0.5)).toBe(1200);
    expect(momRound({...one, maximum: 1010}, 0.5)).toBe(1010);
    expect(momRound({...one, current: 2000}, 0.5)).toBe(2000);
    expect(momRound({...one, unused: 0}, 0.2, "vdsm")).toBe(1200);
  });

  test("without, too, small changes are not made; what is below its guaranteed size gets that", () => {
    expect(momRound({...one, maximum: 1002}, 0.5)).toBe(1000);
    expect(momRound({...one, maximum: 1003}, 0.5)).toBe(1003);
    expect(momRound({...one, current: 190, unused: 0}, 0.5)).toBe(200);
    expect(momRound({...one, unused: 500}, 0.1, "vdsm-disabled")).toBe(1050);
  });

  test("as a policy it goes by the average of what it saw", () => {
    const policy = momPolicy().start();
    policy.observe?.(host({free: kib(0)}), [guest({free: kib(900000)})]);
    policy.observe?.(host({free: kib(2000000)}), [guest({free: kib(900000)})]);
    expect(policy.decide(host(), [guest({free: kib(900000)})])).toEqual([950000]);
    expect(momPolicy().start().decide(host(), [guest({free: kib(1)})])).toEqual([1000000]);
    expect([momPolicy().name, momPolicy("vdsm").name, momPolicy("vdsm-disabled").name, momPolicy().period, momPolicy().monitor]).toEqual(["oVirt MOM", "oVirt MOM (vdsm)", "oVirt MOM (vdsm, ballooning disabled)", 10, 5]);
  });

  test("but steps from the newest size, not from the average one", () => {
    const policy = momPolicy().start();
    for (const current of [2000000, 1900000, 1600000]) policy.observe?.(host(), [guest({current: kib(current), target: kib(current), free: kib(1000000)})]);
    expect(policy.decide(host(), [guest({current: kib(1600000), target: kib(1600000), free: kib(1000000)})])).toEqual([1520000]);
  });

  test("so that 200 s under pressure are twenty steps of 5 %", () => {
    const policy = momPolicy().start();
    let size = 2048 * 1024;
    for (let look = 1; look <= 40; look++) {
      const seen = [guest({current: kib(size), target: kib(size), minimum: kib(0), free: kib(size / 2)})];
      policy.observe?.(host(), seen);
      if (look % 2 === 0) size = policy.decide(host(), seen)[0] ?? 0;
    }
    expect(Math.round(size / 1024)).toBe(Math.round(2048 * 0.95 ** 20));
  });

  test("a guest that is smaller than it was on average and wants more is left alone under pressure", () => {
    const policy = momPolicy().start();
    for (const current of [2000000, 1600000]) policy.observe?.(host(), [guest({current: kib(current), target: kib(current), free: kib(100000)})]);
    expect(policy.decide(host(), [guest({current: kib(1600000), target: kib(1600000)})])).toEqual([1600000]);
  });

  test("a guest without statistics is left alone; vdsm's rules keep its guaranteed size", () => {
    const silent = [guest({name: "a", free: null}), guest({name: "b", driver: false}), guest({name: "c", migrating: true})];
    for (const variant of ["mom", "vdsm", "vdsm-disabled"] as const) expect(momPolicy(variant).start().decide(host({free: kib(9000000)}), silent)).toEqual([1000000, 1000000, 1000000]);
    const small = [guest({free: null, current: kib(400000), target: kib(400000)})];
    expect([momPolicy().start().decide(host(), small), momPolicy("vdsm").start().decide(host(), small)]).toEqual([[400000], [500000]]);
  });

  test("looks at which it said nothing do not count; the newest has to say something", () => {
    const policy = momPolicy().start();
    policy.observe?.(host(), [guest({free: null, current: kib(2000000)})]);
    policy.observe?.(host(), [guest({free: kib(900000)})]);
    expect(policy.decide(host(), [guest()])).toEqual([950000]);
    policy.observe?.(host(), [guest({free: null})]);
    expect(policy.decide(host(), [guest()])).toEqual([1000000]);
  });

  test("when one has gone, the others' averages stay their own", () => {
    const policy = momPolicy().start();
    const b = guest({name: "b", current: kib(1800000), target: kib(1800000), free: kib(1000000)});
    policy.observe?.(host(), [guest(), b]);
    expect(policy.decide(host(), [b])).toEqual([1710000]);
  });
});
