import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {cases} from "../cases.ts";
import type {ConfigFormat} from "../../src/domain/formats/reading.ts";
import {explain} from "../../src/explain/explain.ts";
import {hostOf} from "../../src/explain/host.ts";
import {checklist} from "../../src/explain/checklist.ts";
import {translate} from "../../src/explain/translate.ts";
import {configs, outputs} from "./examples.ts";

const FORMATS: readonly ConfigFormat[] = ["libvirt", "xl", "vmx", "qemu"];
const losses = (text: string, to: ConfigFormat): readonly string[] => translate(text, to).losses.map(({field, before, after}) => `${field}: ${before} -> ${after ?? "nothing"}`);

describe("losses, named line by line", () => {
  test("a definition as xl.cfg", () => {
    expect(losses(configs.libvirt, "xl")).toEqual([
      "maxMemory: 16777216 KiB -> nothing",
      "slots: 4 -> nothing",
      "hardLimit: 4194304 KiB -> nothing",
      "softLimit: 1048576 KiB -> nothing",
      "swapHardLimit: 5242880 KiB -> nothing",
      "devices[0]: dimm 524288 KiB -> nothing",
      "devices[1]: virtio-mem 524288 KiB -> nothing",
      "balloon: virtio, autodeflate, freePageReporting, period 5 -> xen",
      "hugepages: 2 M -> nothing",
      "locked: locked -> nothing",
      "vfio: pci -> nothing",
      "efi: efi -> nothing"
    ]);
  });
  test("a limit becomes a target, and a target a limit", () => {
    expect(losses(configs.vmx, "xl")).toContain("currentMemory: a limit of the host that the guest does not see -> a target for the guest's balloon");
    expect(losses(configs.xl, "vmx")).toContain("currentMemory: a target for the guest's balloon -> a limit of the host that the guest does not see");
    expect(losses(configs.vmx, "libvirt")).toContain("sched.mem.shares: normal -> nothing");
  });
  test("rounding is told", () => {
    expect(losses("<domain type='kvm'><memory>219100</memory></domain>", "vmx")).toEqual(["memory: 219100 KiB -> 221184 KiB", "currentMemory: 219100 KiB -> 219136 KiB", "balloon: virtio -> nothing"]);
  });
  test("a target is not in a command line", () => expect(losses("<domain type='kvm'><memory>2048</memory><currentMemory>1024</currentMemory></domain>", "qemu")).toEqual(["currentMemory: 1024 KiB -> 2048 KiB"]));
  test("where it stood", () => expect(translate(configs.libvirt, "xl").losses[0]?.place).toMatchObject({line: 3, column: 3}));
  test("a tool's output cannot be translated", () => expect(() => translate(outputs.free, "xl")).toThrow(expect.objectContaining({code: "not-a-configuration", path: "1:1"})));
});

describe("round trips", () => {
  test.each(FORMATS)("%s to itself keeps every number", (format) => {
    const again = translate(configs[format], format);
    const numbers = (text: string): unknown => ({...explain(text).domain, name: null});
    expect(numbers(again.text)).toEqual(numbers(configs[format]));
    expect(again.losses.filter(({field}) => field !== "currentMemory")).toEqual([]);
  });
  test("whatever the sizes, a number that changes is a loss that is told, and no other", () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 2 ** 40}), fc.integer({min: 1, max: 2 ** 40}), fc.constantFrom(...FORMATS), fc.constantFrom("kvm", "xen", "vmware"), (memory, current, to, type) => {
        const text = `<domain type='${type}'><memory>${memory}</memory><currentMemory>${current}</currentMemory></domain>`;
        const before = explain(text).domain;
        const {text: written, losses: told} = translate(text, to);
        const after = explain(written, {from: to}).domain;
        for (const field of ["memory", "currentMemory"] as const) {
          expect(told.some((loss) => loss.field === field && loss.before === `${before?.[field] ?? 0} KiB`)).toBe(before?.[field] !== after?.[field]);
          expect(after?.[field] ?? 0).toBeGreaterThanOrEqual(to === "qemu" && field === "currentMemory" ? 0 : (before?.[field] ?? 0));
        }
      }),
      {numRuns: cases(300)}
    );
  });
  test("names survive quotes, markup and separators", () => {
    fc.assert(
      fc.property(fc.string({minLength: 1, maxLength: 20}), fc.constantFrom(...FORMATS), (name, to) => {
        const escaped = name.replace(/[^ -~]|[<&]/g, "x");
        const {text} = translate(`<domain type='kvm'><name>${escaped}</name><memory>4096</memory></domain>`, to);
        expect(explain(text, {from: to}).domain?.memory).toBe(4096);
      }),
      {numRuns: cases(200)}
    );
  });
});

test("several machines on one host", () => {
  const all = Object.values(configs).map((text) => explain(text));
  expect(hostOf(all)).toMatchObject({machines: 4, configured: 3145728 + 2097152 + 4194304 + 2621440, target: 1048576 + 524288 + 4194304 + 2621440, guaranteed: 524288 + 1048576});
  expect(hostOf(all.slice(0, 1))).toBeNull();
});

test("a checklist for each driver, none for an output", () => {
  expect(Object.values(configs).map((text) => checklist(explain(text)).length)).toEqual([5, 3, 3, 5]);
  expect(checklist(explain("<domain type='lxc'><memory>1024</memory></domain>"))).toHaveLength(2);
  expect(checklist(explain(outputs.free))).toEqual([]);
});
