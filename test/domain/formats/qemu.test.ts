import {describe, expect, test} from "vitest";
import {properties, qemuOptions, qemuSize} from "../../../src/domain/formats/qemu-options.ts";
import {readQemuArgv} from "../../../src/domain/formats/qemu-read.ts";
import {shellWords} from "../../../src/domain/formats/shell-words.ts";

const words = (text: string): readonly string[] => shellWords(text).map((word) => word.text);

describe("words, as a shell splits them", () => {
  test.each([
    ["a  b\tc\nd", ["a", "b", "c", "d"]],
    ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
    ["a\\ b c\\\nd", ["a b", "cd"]],
    ["a \\  \n b", ["a", "b"]],
    [`'it'\\''s'`, ["it's"]],
    ['"a\\"b\\$c\\d"', ['a"b$c\\d']],
    ['"a\\\nb"', ["ab"]],
    ["'' \"\"", ["", ""]],
    ["a # b c\nd #e", ["a", "d"]],
    ["a#b", ["a#b"]],
    ["a\\", ["a"]],
    ["", []]
  ])("%j", (text, expected) => expect(words(text)).toEqual(expected));
  test("where they stand", () => expect(shellWords("ab 'c d'").map(({span}) => span)).toEqual([{start: 0, end: 2}, {start: 3, end: 8}]));
  test.each(["'a", '"a', 'x "a\\"'])("%j is not closed", (text) => expect(() => shellWords(text)).toThrow(expect.objectContaining({code: "unclosed-quote"})));
});

describe("options", () => {
  test("with and without an argument, one dash or two", () => {
    expect(qemuOptions(shellWords("A=b qemu -S --m 1G -nodefaults -smp 2 -")).map(({name, value}) => [name, value.text])).toEqual([["S", ""], ["m", "1G"], ["nodefaults", ""], ["smp", "2"]]);
  });
  test.each([
    ["a,b=c,d", "a", {b: "c", d: "on"}],
    ["driver=a,b=x,,y", "a", {driver: "a", b: "x,y"}],
    ["a,,b,c=1", "a,b", {c: "1"}],
    ['{"driver":"a","n":1,"t":true,"f":false,"l":[1],"z":null}', "a", {driver: "a", n: "1", t: "on", f: "off", l: "[1]", z: "null"}],
    ['{"qom-type":"q"}', "q", {"qom-type": "q"}],
    ["{broken", "", {}],
    ["[1]", "[1]", {}]
  ])("%j", (text, head, facts) => {
    const props = properties({text, span: {start: 0, end: 0}});
    expect(props.head).toBe(head);
    expect(Object.fromEntries(props.facts)).toEqual(facts);
  });
  test.each([
    ["1024", "m", 1073741824n],
    ["1024", "b", 1024n],
    ["1G", "m", 1073741824n],
    ["1.5g", "m", 1610612736n],
    ["512k", "b", 524288n],
    ["7b", "m", 7n],
    ["0x10", "b", 16n],
    ["16E", "b", null],
    ["15E", "b", 17293822569102704640n],
    ["-1", "b", null],
    ["1GiB", "b", null],
    ["", "b", null]
  ] as const)("the size %j with plain %s", (text, plain, bytes) => expect(qemuSize(text, plain)).toBe(bytes));
});

const sizes = (text: string): readonly unknown[] => {
  const {spec} = readQemuArgv(text);
  return [spec.memory?.text, spec.maxMemory?.text, spec.maxMemory?.slots];
};

describe("command lines", () => {
  test.each([
    ["qemu -m 214", ["224395264", undefined, undefined]],
    ["qemu -m 2G", ["2147483648", undefined, undefined]],
    ["qemu -m size=1048576k,slots=16,maxmem=4194304k", ["1073741824", "4294967296", "16"]],
    ["qemu -m 1G,maxmem=4294967296", ["1073741824", "4294967296", null]],
    ["qemu -m 1G -m slots=2,maxmem=2G", ["1073741824", "2147483648", "2"]],
    ["qemu -smp 1", ["134217728", undefined, undefined]],
    ["qemu -m 0", ["134217728", undefined, undefined]],
    ["qemu -m 8193b", ["16384", undefined, undefined]],
    ["qemu -machine pc,memory-backend=r -object memory-backend-ram,id=r,size=1G", ["1073741824", undefined, undefined]]
  ])("%j", (text, expected) => expect(sizes(text)).toEqual(expected));
  test("memory devices are part of libvirt's memory", () => {
    const {spec, spans, mentions} = readQemuArgv(
      `qemu-system-x86_64 -m 1G,slots=4,maxmem=8G -object memory-backend-ram,id=a,size=512M -device pc-dimm,memdev=a,node=0 -object '{"qom-type":"memory-backend-file","id":"b","mem-path":"/dev/hugepages","size":1073741824}' -device '{"driver":"virtio-mem-pci","memdev":"b","node":0,"block-size":2097152,"requested-size":536870912}' -device nvdimm,memdev=none -numa node,nodeid=0,mem=1024 -device virtio-balloon-pci,deflate-on-oom=on,free-page-reporting=true -device vfio-pci,host=1 -overcommit mem-lock=on -name guest=a,,b -smp 2,maxcpus=4`
    );
    expect(spec.memory?.text).toBe(String(1073741824 + 536870912 + 1073741824));
    expect(spec.memoryDevices?.map(({model, size, block, requested}) => [model, size?.text, block?.text, requested?.text])).toEqual([["dimm", "536870912", undefined, undefined], ["virtio-mem", "1073741824", "2097152", "536870912"]]);
    expect(spec.numa?.map(({memory}) => memory?.text)).toEqual(["1073741824"]);
    expect(spec.balloons).toEqual([{model: "virtio", autodeflate: "on", freePageReporting: "on", period: null}]);
    expect(spec).toMatchObject({name: "a,b", vcpus: 4, arch: "x86_64", type: "qemu"});
    expect([...spans.keys()]).toEqual(["memory", "currentMemory", "maxMemory", "balloon", "numa", "devices[0]", "devices[1]"]);
    expect(mentions.map(({what}) => what)).toEqual(["locked", "vfio", "hugepages"]);
  });
  test("enclave memory, other balloons, other programs", () => {
    expect(readQemuArgv("qemu -machine q35,sgx-epc.0.memdev=e,sgx-epc.0.node=1 -object memory-backend-epc,id=e,size=64M").spec.memoryDevices).toEqual([{model: "sgx-epc", size: {text: "67108864", unit: "b"}, node: "1"}]);
    expect(readQemuArgv("qemu-system-i386 -balloon virtio -enable-kvm").spec).toMatchObject({arch: "i686", type: "kvm", balloons: [{model: "virtio"}]});
    expect(readQemuArgv("qemu -device virtio-balloon-pci-non-transitional").spec.balloons?.[0]?.model).toBe("virtio-non-transitional");
    expect(readQemuArgv("qemu -device virtio-balloon-ccw-transitional").spec.balloons?.[0]?.model).toBe("virtio-transitional");
  });
  test("a bare maxmem is bytes, and that is told", () => expect(readQemuArgv("qemu -m 1024,maxmem=4096").problems.map(({code}) => code)).toEqual(["maxmem-bytes"]));
  test.each(["qemu -m 1XB", "qemu -m 1G,maxmem=x", "qemu -m -5"])("%j is refused", (text) => expect(() => readQemuArgv(text)).toThrow(expect.objectContaining({code: "malformed-value"})));
  test("no options", () => expect(() => readQemuArgv("hello")).toThrow(expect.objectContaining({code: "not-qemu"})));
});
