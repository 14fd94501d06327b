import {existsSync, readdirSync, readFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {describe, expect, test} from "vitest";
import {explain} from "../../src/explain/explain.ts";
import {translate} from "../../src/explain/translate.ts";

/**
 * Configurations and what libvirt makes of them, in one table a format: ours
 * here; a folder of libvirt's own pairs (`x.vmx` beside `x.xml`, `x.cfg` beside
 * `x.xml`) can be named in SETMEM_PAIRS, several separated by a colon.
 */
const numbers = (text: string): readonly unknown[] => {
  const {domain} = explain(text);
  return [domain?.memory, domain?.currentMemory, domain?.memtune.minGuarantee];
};

const folders = (process.env["SETMEM_PAIRS"] ?? "").split(":").filter((folder) => folder !== "" && existsSync(folder));
const pairs = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(vmx|cfg)$/.test(name) && existsSync(join(folder, name.replace(/\.\w+$/, ".xml"))))
    .map((name) => [join(folder, name), join(folder, name.replace(/\.\w+$/, ".xml"))] as const)
);

const xml = (type: string, body: string): string => `<domain type='${type}'><name>n</name>${body}</domain>`;

describe("both ways", () => {
  test.each([
    ["vmx", 'config.version = "8"\nvirtualHW.version = "4"\nmemsize = "1024"\n', xml("vmware", "<memory unit='KiB'>1048576</memory><currentMemory unit='KiB'>1048576</currentMemory>")],
    ["vmx", 'config.version = "8"\nvirtualHW.version = "4"\nmemsize = "1000"\nsched.mem.max = "118"\n', xml("vmware", "<memory unit='KiB'>1024000</memory><currentMemory unit='KiB'>120832</currentMemory>")],
    ["vmx", 'config.version = "8"\nvirtualHW.version = "4"\nmemsize = "2048"\nsched.mem.minsize = "256"\n', xml("vmware", "<memory unit='KiB'>2097152</memory><currentMemory unit='KiB'>2097152</currentMemory><memtune><min_guarantee unit='KiB'>262144</min_guarantee></memtune>")],
    ["xl", "memory = 394\nmaxmem = 579\n", xml("xen", "<memory unit='KiB'>592896</memory><currentMemory unit='KiB'>403456</currentMemory>")],
    ["qemu", "qemu-system-x86_64 -m 214", xml("qemu", "<memory unit='KiB'>219136</memory><currentMemory unit='KiB'>219136</currentMemory>")]
  ] as const)("%s: %s", (format, native, definition) => {
    expect(numbers(native)).toEqual(numbers(definition));
    expect(numbers(translate(definition, format).text)).toEqual(numbers(definition));
    expect(numbers(translate(native, "libvirt").text)).toEqual(numbers(definition));
  });
  test("pairs of a folder, if one is named", () => {
    for (const [native, definition] of pairs) {
      const [text, defined] = [readFileSync(native, "utf8"), readFileSync(definition, "utf8")];
      const expected = numbers(text);
      const back = translate(defined, native.endsWith(".vmx") ? "vmx" : "xl").text;
      // A definition that was only ever written out may have sizes that the other format rounds.
      const isWrittenOut = basename(dirname(native)).startsWith("xml2");
      expect([isWrittenOut ? text : defined, back, translate(text, "libvirt").text].map(numbers), native).toEqual([expected, expected, expected]);
    }
  });
});

/** What `virsh define` stores, where that differs from what loading a stored definition gives. */
describe("a new definition on PowerPC", () => {
  const power = (devices: string, rest: string): string => xml("qemu", `<maxMemory slots='16' unit='KiB'>1099511627776</maxMemory><memory unit='KiB'>2097152</memory><os><type arch='ppc64' machine='pseries'>hvm</type></os>${rest}<devices>${devices}</devices>`);
  const nvdimm = "<memory model='nvdimm'><target><size unit='KiB'>550000</size><node>0</node><label><size unit='KiB'>128</size></label></target></memory>";
  test("devices are stored as QEMU will get them", () => {
    const cell = "<vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0-1' memory='1048576' unit='KiB'/></numa></cpu>";
    const {domain, defined, started} = explain(power(nvdimm, cell));
    expect([domain?.memory, defined, started?.memory]).toEqual([2097152, {memory: 1572992, currentMemory: 1572992}, 1572992]);
    expect(explain(translate(power(nvdimm, cell), "qemu").text).started).toMatchObject({memory: 1572992, initialMemory: 1048576});
    expect(translate(power(nvdimm, cell), "qemu").text).toContain("label-size=131072");
    expect(translate(power(nvdimm, cell), "libvirt").text).toContain("<label><size unit='KiB'>128</size></label>");
  });
  test("what is too small for a step is said when it starts", () => {
    const small = nvdimm.replace("550000", "262271");
    expect(explain(power(small, "")).findings.map(({what}) => what)).toContain("XML error: minimum target size for the NVDIMM must be 256MB plus the label size");
  });
});

/** What libvirt's QEMU driver writes after -m for these memory lines. */
describe("what QEMU is started with", () => {
  test.each([
    ["<memory unit='KiB'>219100</memory><cpu><numa><cell cpus='0-7' memory='109550' unit='KiB'/><cell cpus='8-15' memory='109550' unit='KiB'/></numa></cpu><vcpu>16</vcpu>", 219100, "214"],
    ["<maxMemory slots='16' unit='KiB'>1099511627776</maxMemory><memory unit='KiB'>1267710</memory><vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0-1' memory='219136' unit='KiB'/></numa></cpu><devices><memory model='dimm'><target><size unit='KiB'>523264</size><node>0</node></target></memory><memory model='dimm'><target><size unit='KiB'>524287</size><node>0</node></target></memory></devices>", 1267710, "size=219136k,slots=16,maxmem=1099511627776k"],
    ["<maxMemory unit='KiB'>1099511627776</maxMemory><memory unit='KiB'>8388608</memory><vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0-1' memory='2095104' unit='KiB'/></numa></cpu><devices><memory model='virtio-mem'><target><size unit='KiB'>1048576</size><node>0</node><block unit='KiB'>2048</block><requested unit='KiB'>524288</requested></target></memory><memory model='virtio-mem'><target><size unit='KiB'>2097152</size><node>0</node><block unit='KiB'>2048</block><requested unit='KiB'>1048576</requested></target></memory></devices>", 8388608, "size=2095104k,maxmem=1099511627776k"],
    ["<maxMemory slots='16' unit='KiB'>4194304</maxMemory><memory unit='KiB'>2097152</memory><os><type arch='ppc64' machine='pseries'>hvm</type></os><devices><memory model='dimm'><target><size unit='KiB'>523264</size></target></memory><memory model='dimm'><target><size unit='KiB'>524287</size></target></memory></devices>", 2097152, "size=1310720k,slots=16,maxmem=4194304k"]
  ])("%s", (body, memory, argument) => {
    const {domain, started} = explain(xml("kvm", body));
    expect([domain?.memory, started?.qemuMemory]).toEqual([memory, argument]);
  });
});
