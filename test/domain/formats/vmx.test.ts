import {describe, expect, test} from "vitest";
import {formatVmxMemory, readVmx} from "../../../src/domain/formats/vmx.ts";
import {UNLIMITED} from "../../../src/domain/libvirt/domain-def.ts";
import {kib} from "../../../src/units.ts";

const head = 'config.version = "8"\nvirtualHW.version = "4"\n';
const sizes = (body: string): readonly (string | undefined)[] => {
  const {spec} = readVmx(head + body);
  return [spec.memory?.text, spec.currentMemory?.text, spec.minGuarantee?.text];
};

describe("reading", () => {
  test.each([
    ['memsize = "1000"\nsched.mem.max = "118"', ["1000", "118", undefined]],
    ['MEMSIZE="2048"\nSched.Mem.MinSize="256"', ["2048", "2048", "256"]],
    ['displayName = "x"', ["32", "32", undefined]],
    ['memsize = "1024"\nsched.mem.max = "unlimited"\nsched.mem.minsize = "-5"', ["1024", "1024", undefined]],
    ['memsize = "1024"\nsched.mem.max = "4096"\nsched.mem.minsize = "4096"', ["1024", "1024", "1024"]],
    ['memsize = "1024"\nmemsize = "2048"', ["1024", "1024", undefined]],
    ["memsize = 512", ["512", "512", undefined]],
    ['# memsize = "4"\n  memsize\t=  "16"  # why', ["16", "16", undefined]]
  ])("%j", (body, expected) => expect(sizes(body)).toEqual(expected));
  test.each([
    ['memsize = "1026"', "Expecting VMX entry 'memsize' to be an unsigned integer (multiple of 4) but found 1026"],
    ['memsize = "0"', "but found 0"],
    ['memsize = "unlimited"', "but found -1"],
    ['memsize = ""', "Config entry 'memsize' must represent an integer value"],
    ['memsize = "1024"\nsched.mem.max = "12x"', "Config entry 'sched.mem.max' must represent an integer value"]
  ])("%j is refused", (body, message) => expect(() => readVmx(head + body)).toThrow(message));
  test("what libvirt passes over or refuses is told", () => {
    const {problems} = readVmx('memsize = 512\nmemsize = "4"\nnonsense\n');
    expect(problems.map(({code}) => code)).toEqual(["not-quoted", "repeated", "not-read", "vmx-version", "vmx-version"]);
    expect(() => readVmx("nothing")).toThrow(expect.objectContaining({code: "not-vmx"}));
  });
  test("what changes the meaning of the numbers is mentioned", () => {
    const {mentions, spec} = readVmx(`${head}guestOS = "windows9-64"\nfirmware = "efi"\nsched.mem.pin = "TRUE"\npciPassthru0.present = "TRUE"\ndisplayName = "a|22b"\nnumvcpus = "4"`);
    expect(mentions.map(({what}) => what)).toEqual(["windows", "efi", "locked", "vfio"]);
    expect(spec).toMatchObject({name: 'a"b', arch: "x86_64", vcpus: 4, type: "vmware"});
  });
});

describe("writing", () => {
  test.each([
    [219100, 219100, 0, {memsize: 216, limit: 214, reservation: null}],
    [2000000, 1500001, 0, {memsize: 1956, limit: 1465, reservation: null}],
    [1048576, 1048576, 1, {memsize: 1024, limit: null, reservation: 1}]
  ])("%d, %d, %d KiB", (total, current, minGuarantee, expected) => {
    expect(formatVmxMemory({total: kib(total), current: kib(current), limits: {hard: UNLIMITED, soft: UNLIMITED, swapHard: UNLIMITED, minGuarantee: kib(minGuarantee)}})).toEqual(expected);
  });
});
