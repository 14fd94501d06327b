import {describe, expect, test} from "vitest";
import {memoryLines} from "../../../src/domain/formats/domain-xml-lines.ts";
import {parseDomainXml, specOfElements} from "../../../src/domain/formats/domain-xml.ts";
import {parseFragment} from "../../../src/domain/formats/xml.ts";
import {UNLIMITED} from "../../../src/domain/libvirt/domain-def.ts";
import {defineDomain} from "../../../src/domain/libvirt/resolve.ts";
import {ModelError} from "../../../src/errors.ts";
import {kib} from "../../../src/units.ts";
import {definition} from "../libvirt/fixture.ts";

const whole = `<domain type='kvm'>
  <name>vm</name>
  <uuid>796f1897-81f1-4598-b948-6e2d0a430663</uuid>
  <maxMemory slots='4' unit='GiB'>4</maxMemory>
  <memory unit='MiB'>768</memory>
  <currentMemory>400000</currentMemory>
  <memtune>
    <hard_limit unit='G'>2</hard_limit>
    <soft_limit>900000</soft_limit>
    <min_guarantee>0</min_guarantee>
    <swap_hard_limit unit='G'>3</swap_hard_limit>
  </memtune>
  <vcpu placement='static'>2</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <cpu><numa><cell id='0' cpus='0-1' memory='512' unit='MiB'/></numa></cpu>
  <devices>
    <memballoon model='virtio' autodeflate='on' freePageReporting='off'><stats period='10'/></memballoon>
    <memory model='dimm'><target><size unit='MiB'>256</size><node>0</node></target></memory>
    <memory model='virtio-mem'><target><size unit='MiB'>2</size><block unit='MiB'>2</block><requested>0</requested></target></memory>
  </devices>
</domain>`;

describe("reading", () => {
  test("every field that decides a number, as written", () => {
    expect(parseDomainXml(whole)).toEqual({
      type: "kvm",
      name: "vm",
      uuid: "796f1897-81f1-4598-b948-6e2d0a430663",
      arch: "x86_64",
      vcpus: 2,
      maxMemory: {text: "4", unit: "GiB", slots: "4"},
      memory: {text: "768", unit: "MiB"},
      currentMemory: {text: "400000", unit: null},
      hardLimit: {text: "2", unit: "G"},
      softLimit: {text: "900000", unit: null},
      minGuarantee: {text: "0", unit: null},
      swapHardLimit: {text: "3", unit: "G"},
      numa: [{id: "0", cpus: "0-1", memory: {text: "512", unit: "MiB"}}],
      balloons: [{model: "virtio", autodeflate: "on", freePageReporting: "off", period: "10"}],
      memoryDevices: [
        {model: "dimm", size: {text: "256", unit: "MiB"}, node: "0", block: null, requested: null},
        {model: "virtio-mem", size: {text: "2", unit: "MiB"}, node: null, block: {text: "2", unit: "MiB"}, requested: {text: "0", unit: null}}
      ]
    });
  });
  test("a fragment says only what is in it", () => {
    expect(specOfElements(parseFragment("<memtune><hard_limit>5</hard_limit></memtune><clock/>"))).toEqual({hardLimit: {text: "5", unit: null}});
    expect(specOfElements(parseFragment("<cpu><numa><cell/></numa></cpu><maxMemory>1</maxMemory>"))).toEqual({
      numa: [{id: null, cpus: null, memory: null}],
      maxMemory: {text: "1", unit: null, slots: null}
    });
    expect(specOfElements(parseFragment("<devices><memballoon/><memory/></devices><cpu/>"))).toEqual({
      balloons: [{model: null, autodeflate: null, freePageReporting: null, period: null}],
      memoryDevices: [{model: "", size: null, node: null, block: null, requested: null}]
    });
  });
  test("only the first of two elements counts, as in libvirt's XPath", () => {
    expect(specOfElements(parseFragment("<memory>1</memory><memory>2</memory>"))).toEqual({memory: {text: "1", unit: null}});
  });
  test("anything but a domain is refused", () => {
    expect(() => parseDomainXml("<network/>")).toThrow(ModelError);
    expect(() => parseDomainXml("<network/>")).toThrow("no domain in this XML: its root is <network>");
    expect(parseDomainXml("<domain/>")).toEqual({});
  });
});

describe("writing", () => {
  test("memory alone", () => {
    expect(memoryLines(definition())).toEqual(["<memory unit='KiB'>1048576</memory>", "<currentMemory unit='KiB'>524288</currentMemory>"]);
  });
  test("everything, in libvirt's order and in KiB", () => {
    const limits = {hard: kib(1), soft: kib(2), swapHard: kib(0), minGuarantee: kib(4)};
    expect(memoryLines(definition({max: kib(9), slots: 3, limits}))).toEqual([
      "<maxMemory slots='3' unit='KiB'>9</maxMemory>",
      "<memory unit='KiB'>1048576</memory>",
      "<currentMemory unit='KiB'>524288</currentMemory>",
      "<memtune>",
      "  <hard_limit unit='KiB'>1</hard_limit>",
      "  <soft_limit unit='KiB'>2</soft_limit>",
      "  <min_guarantee unit='KiB'>4</min_guarantee>",
      "  <swap_hard_limit unit='KiB'>0</swap_hard_limit>",
      "</memtune>"
    ]);
  });
  test("one limit alone; unlimited ones are left out", () => {
    const limits = {hard: UNLIMITED, soft: kib(2), swapHard: UNLIMITED, minGuarantee: kib(0)};
    expect(memoryLines(definition({limits})).slice(2)).toEqual(["<memtune>", "  <soft_limit unit='KiB'>2</soft_limit>", "</memtune>"]);
  });
  test("what is written reads back as the same domain", () => {
    const def = defineDomain({...parseDomainXml(whole), numa: null, memoryDevices: []}, "test");
    const again = defineDomain({...specOfElements(parseFragment(memoryLines(def).join(""))), balloons: [{model: "virtio", autodeflate: "on", period: "10"}], name: "vm", type: "kvm", vcpus: 2}, "test");
    expect(again).toEqual(def);
  });
});
