import {describe, expect, test} from "vitest";
import {explain} from "../../src/explain/explain.ts";
import {configs, outputs} from "./examples.ts";

const kvm = (body: string, type = "kvm"): string => `<domain type='${type}'>${body}</domain>`;
const found = (text: string): readonly string[] => explain(text).findings.map(({severity, code}) => `${severity} ${code}`);
const codes = (text: string): readonly string[] => explain(text).findings.map(({code}) => code);
const finding = (text: string, code: string): ReturnType<typeof explain>["findings"][number] | undefined => explain(text).findings.find((one) => one.code === code);
const memory = "<memory unit='MiB'>1024</memory>";
const head = 'config.version = "8"\nvirtualHW.version = "4"\n';

describe("a definition for QEMU", () => {
  test("nothing to say about a plain one", () => expect(found(kvm(memory))).toEqual([]));
  test.each([
    [`${memory}<currentMemory unit='MiB'>2048</currentMemory>`, ["warning current-above-memory"]],
    [`${memory}<currentMemory unit='MiB'>512</currentMemory>`, ["note boots-with-all"]],
    [`${memory}<currentMemory unit='MiB'>512</currentMemory><devices><memballoon model='none'/></devices>`, ["warning target-without-balloon"]],
    [`${memory}<devices><memballoon model='none'/></devices>`, ["note no-balloon"]],
    ["<memory unit='MB'>1024</memory>", ["note rounded-at-start", "warning decimal-unit"]],
    ["<memory unit='k'>1025</memory>", ["note rounded-at-start"]],
    [`${memory}<memtune><hard_limit unit='MiB'>1024</hard_limit></memtune>`, ["error limit-below-memory"]],
    [`${memory}<memtune><hard_limit unit='MiB'>1025</hard_limit></memtune>`, ["warning hard-limit"]],
    [`${memory}<memtune><hard_limit>0</hard_limit></memtune>`, ["error zero-limit"]],
    [`${memory}<memtune><soft_limit unit='MiB'>1023</soft_limit></memtune>`, ["warning soft-limit-v2"]],
    [`${memory}<memtune><soft_limit unit='MiB'>1024</soft_limit></memtune>`, ["note soft-limit-v2"]],
    [`${memory}<memtune><hard_limit unit='G'>3</hard_limit><swap_hard_limit unit='G'>2</swap_hard_limit></memtune>`, ["error limits-out-of-order", "warning hard-limit", "warning swap-limit-v2"]],
    [`${memory}<memtune><swap_hard_limit unit='G'>2</swap_hard_limit></memtune>`, ["error limits-out-of-order", "warning swap-limit-v2"]],
    [`${memory}<memtune><min_guarantee>1</min_guarantee></memtune>`, ["error refused-by-driver"]],
    [`${memory}<memory>1</memory>`, ["warning repeated"]],
    [`${memory}<devices><memballoon model='virtio' autodeflate='on'/></devices>`, ["note deflate-on-oom"]],
    [`${memory}<currentMemory unit='MiB'>1</currentMemory><devices><memballoon model='virtio' autodeflate='on'/></devices>`, ["warning deflate-on-oom", "note boots-with-all"]],
    [`${memory}<devices><memballoon model='virtio' freePageReporting='on'/></devices>`, ["note free-page-reporting"]],
    [`${memory}<devices><hostdev type='pci'/><hostdev type='pci'/></devices>`, ["note balloon-with-assigned-device"]],
    [`${memory}<currentMemory unit='MiB'>1</currentMemory><memoryBacking><hugepages/><locked/></memoryBacking>`, ["warning balloon-with-large-pages", "warning balloon-with-locked-memory", "note boots-with-all", "note locked"]],
    ["<memory unit='MiB'>1024</memory><cpu><numa><cell memory='1' unit='GiB'/></numa></cpu>", []],
    ["<memory unit='MiB'>2048</memory><cpu><numa><cell memory='1' unit='GiB'/></numa></cpu>", ["warning numa-overrides-memory", "note rounded-at-start"]],
    [`<maxMemory unit='GiB'>4</maxMemory>${memory}<cpu><numa><cell memory='1' unit='GiB'/></numa></cpu>`, ["note max-is-room", "note max-without-slots"]],
    [`<maxMemory slots='2' unit='GiB'>4</maxMemory>${memory}`, ["error refused-by-driver", "note max-is-room"]],
    ["<memory>1024</memory>", ["warning bare-number"]],
    ["<memory>32768</memory>", []],
    [`${memory}<currentMemory>512</currentMemory>`, ["note boots-with-all", "warning bare-number"]],
    [`${memory}<currentMemory unit='KiB'>512</currentMemory>`, ["note boots-with-all"]],
    [`${memory}<currentMemory unit='MiB'>512</currentMemory><memtune><hard_limit unit='MiB'>512</hard_limit></memtune>`, ["error limit-at-target", "error limit-below-memory", "note boots-with-all"]],
    [`${memory}<currentMemory unit='MiB'>512</currentMemory><memtune><hard_limit unit='KiB'>524289</hard_limit></memtune>`, ["error limit-below-memory", "note boots-with-all"]],
    ["<memory unit='b'>9223372036854775807</memory>", ["error refused"]],
    ["<memory>9007199254740991</memory>", ["error overflow-at-start"]],
    ["<memory>9007199254740992</memory>", ["error refused"]],
    ["<memory>9007199254740990</memory>", ["error overflow-at-start"]]
  ])("%s", (body, expected) => expect(found(kvm(body)).toSorted()).toEqual(expected.toSorted()));
  test("what virsh define would store stands beside it", () => {
    const text = kvm("<memory unit='MiB'>2048</memory><cpu><numa><cell memory='1' unit='GiB'/></numa></cpu>");
    expect(explain(text)).toMatchObject({domain: {memory: 2097152}, defined: {memory: 1048576, currentMemory: 1048576}, started: {memory: 1048576, qemuMemory: "1024"}});
  });
  test("place, layer and source of one", () => {
    expect(finding(kvm(`\n  ${memory}\n  <currentMemory unit='MiB'>2048</currentMemory>`), "current-above-memory")).toMatchObject({
      layer: "target",
      place: {line: 3, column: 3, length: 46},
      what: "currentMemory asks for 2048 MiB, which is above memory, 1024 MiB.",
      source: "libvirt 9.0.0 src/conf/domain_postparse.c virDomainDefPostParseMemory"
    });
  });
  test("worst first", () => {
    const rank = {error: 0, warning: 1, note: 2};
    for (const text of Object.values(configs)) {
      const severities = explain(text).findings.map(({severity}) => rank[severity]);
      expect(severities).toEqual(severities.toSorted());
    }
  });
});

describe("other drivers", () => {
  test.each([
    ["xen", `${memory}<os><type>linux</type></os>`, ["note cannot-grow", "note target-is-cap"]],
    ["xen", `${memory}<currentMemory unit='MiB'>512</currentMemory><os><type>linux</type></os>`, ["note pv-grows-to-maxmem", "note target-is-cap"]],
    ["xen", `${memory}<currentMemory unit='MiB'>64</currentMemory>`, ["note target-is-cap", "warning pv-out-of-reach"]],
    ["xen", `${memory}<currentMemory unit='MiB'>512</currentMemory><os><type>hvm</type></os>`, ["note target-is-cap", "warning populate-on-demand"]],
    ["xen", `${memory}<currentMemory unit='KiB'>1025</currentMemory><os><type machine='xenpvh'>xenpvh</type></os><devices><hostdev type='pci'/></devices>`, ["error populate-on-demand-with-device", "note target-is-cap", "note xen-rounds-to-mib", "warning populate-on-demand"]],
    ["xen", "<memory>1048577</memory><memtune><min_guarantee>1</min_guarantee></memtune>", ["note cannot-grow", "note target-is-cap", "note xen-rounds-to-mib", "warning guarantee-ignored"]],
    ["xen", `${memory}<os><type>linux</type></os><features><xen><e820_host state='on'/></xen></features>`, ["note cannot-grow", "note host-map", "note target-is-cap"]],
    ["xen", `${memory}<os><type>linux</type></os><devices><hostdev type='pci'/></devices>`, ["note cannot-grow", "note host-map", "note target-is-cap"]],
    ["xen", `${memory}<os><type>hvm</type></os><features><xen><e820_host state='on'/></xen></features>`, ["note cannot-grow", "note target-is-cap"]],
    ["xen", `${memory}<os><type>linux</type></os><features><xen><e820_host state='off'/></xen></features>`, ["note cannot-grow", "note target-is-cap"]],
    ["xen", `${memory}<devices><memballoon model='none'/></devices>`, ["error refused-by-driver", "note cannot-grow", "note target-is-cap"]],
    ["xen", `${memory}<devices><memballoon model='xen'/></devices>`, ["note cannot-grow", "note target-is-cap"]],
    ["lxc", memory, ["note container-limit"]],
    ["lxc", `${memory}<currentMemory unit='MiB'>1</currentMemory><memtune><hard_limit unit='G'>1</hard_limit></memtune>`, ["note container-limit", "note limit-overrides-memory", "warning container-current-ignored"]],
    ["vmware", memory, ["note guest-needs-swap"]],
    ["vmware", `<memory>219100</memory><memtune><min_guarantee>219100</min_guarantee></memtune>`, ["note reservation-is-kept", "warning odd-size-becomes-limit"]],
    ["test", memory, []]
  ])("%s: %s", (type, body, expected) => expect(found(kvm(body, type)).toSorted()).toEqual(expected));
  test("what is started, by driver", () => {
    const of = (type: string, body: string): unknown => explain(kvm(body, type)).started;
    expect(of("xen", "<memory>1048577</memory><currentMemory unit='KiB'>1025</currentMemory>")).toMatchObject({driver: "xen", memory: 1049600, currentMemory: 2048, hostCap: 3072});
    expect(of("lxc", memory)).toMatchObject({driver: "lxc", hostCap: 1048576});
    expect(of("vmware", "<memory>219100</memory>")).toMatchObject({driver: "esx", memory: 221184, hostCap: 219136, guaranteed: null});
    expect(of("vmware", `${memory}<memtune><min_guarantee>1025</min_guarantee></memtune>`)).toMatchObject({hostCap: null, guaranteed: 2048});
    expect(of("test", memory)).toMatchObject({driver: "other", hostCap: null});
  });
});

describe("VMX", () => {
  test.each([
    ['memsize = "1024"\nsched.mem.max = "0"', ["warning zero-limit"]],
    ['memsize = "1024"\nsched.mem.max = "512"\nsched.mem.minsize = "768"', ["error reservation-above-limit", "note reservation-is-kept", "warning limit-below-size"]],
    ['memsize = "1024"\nsched.mem.min = "512"', ["warning libvirt-ignores-min"]],
    ['memsize = "1024"\nsched.mem.min = "1024"\nsched.mem.minsize = "1024"\nsched.mem.pin = "TRUE"', ["note all-locked", "note reservation-is-kept"]],
    ['memsize = "1024"\nsched.mem.pin = "true"', ["warning all-locked"]],
    ['memsize = "1024"\nsched.mem.maxmemctl = "0"', ["warning balloon-disabled"]],
    ['memsize = "1024"\nsched.mem.maxmemctl = "64"', ["note balloon-capped"]],
    ['memsize = "1024"\nsched.mem.shares = "high"\nsched.mem.pshare.salt = "a"', ["note page-sharing", "note shares"]]
  ])("%s", (body, expected) => expect(found(head + body).filter((one) => one !== "note guest-needs-swap").toSorted()).toEqual(expected));
  test("what libvirt refuses has its message and no numbers", () => expect(explain(`${head}memsize = "1025"`)).toMatchObject({domain: null, findings: [{code: "refused"}]}));
});

describe("xl.cfg and QEMU", () => {
  test("no memory", () => expect(codes("name = 'a'\nvcpus = 1")).toContain("default-size"));
  test("memory above maxmem", () => expect(finding("memory = 2\nmaxmem = 1", "current-above-memory")).toMatchObject({place: {line: 1, column: 10}}));
  test("no -m, a bare maxmem", () => {
    expect(found("qemu-system-x86_64 -smp 1 -device virtio-balloon-pci")).toEqual(["note default-size"]);
    expect(codes("qemu-system-x86_64 -m 1024,maxmem=4G")).toEqual(["no-balloon", "max-is-room", "max-without-slots"]);
    expect(found("qemu-system-x86_64 -m 1024,maxmem=4096")).toEqual(["error refused", "warning maxmem-bytes"]);
  });
  test("nodes that do not add up", () => expect(finding("qemu-system-x86_64 -m 1G -numa node,mem=512", "numa-overrides-memory")?.meaning).toContain("the tools differ"));
});

describe("what is not known is named, with the layers it touches", () => {
  test("a definition with everything", () => {
    expect(explain(configs.libvirt).unknown.map(({what}) => what)).toEqual(["huge pages", "locked memory", "assigned devices", "UEFI firmware", "virtio-mem"]);
    expect(explain(configs.vmx).unknown.map(({what}) => what)).toEqual(["Windows guest", "locked memory"]);
  });
  test.each([
    ["<memory>1024</memory><launchSecurity type='sev'/>", "confidential guest (SEV, TDX and the like)"],
    ["<memory>1024</memory><os><type arch='aarch64'>hvm</type></os>", "architecture aarch64"],
    ["<memory>1024</memory><features><hyperv/></features>", "Windows guest"],
    ["<memory>1024</memory><metadata><os id='http://microsoft.com/win/10'/></metadata>", "Windows guest"],
    ["<memory>1024</memory><memoryBacking><allocation mode='immediate'/></memoryBacking>", "memory allocated at start"],
    ["<memory>1024</memory><memoryBacking><access mode='shared'/></memoryBacking>", "shared memory backing"],
    ["<memory>1024</memory><memoryBacking><discard/></memoryBacking>", "discard of the backing file"],
    ["<memory>1024</memory><numatune><memory nodeset='0'/></numatune>", "bound to host nodes"],
    ["<memory>1024</memory><os><loader type='pflash'>/x/OVMF.fd</loader></os>", "UEFI firmware"],
    ["<memory>1024</memory><qemu:commandline><qemu:arg value='-m'/></qemu:commandline>", "arguments passed to QEMU directly"],
    ["<memory>1024</memory><features><xen><e820_host state='on'/></xen></features>", "the host's memory map in the guest"]
  ])("%s", (body, what) => expect(explain(kvm(body)).unknown.map((one) => one.what)).toEqual([what]));
});

describe("tools' outputs", () => {
  test.each([
    ["dommemstat", ["available-is-total", "rss-above-actual", "never-updated", "swap-since-boot"]],
    ["dominfo", ["used-is-not-used"]],
    ["free", ["balloon-not-shown", "free-is-not-available", "swap-is-residue"]],
    ["meminfo", ["total-is-not-configured", "balloon-not-shown", "free-is-not-available", "swap-is-residue", "huge-pages-are-used"]],
    ["xl-list", ["mem-is-owned", "host-total"]],
    ["cgroup", ["throttled", "protected", "hard-limit", "close-to-limit"]]
  ] as const)("%s", (format, expected) => {
    const explained = explain(outputs[format]);
    expect(explained.format).toBe(format);
    expect(explained.findings.map(({code}) => code)).toEqual(expected);
    expect(explained.domain).toBeNull();
  });
  test("their numbers, KiB", () => {
    expect(explain(outputs.cgroup).observed).toEqual({"memory.current": 976562, "memory.high": 781250, "memory.low": 4882, "memory.max": 1048576, "memory.swap.max": null});
    expect(explain(outputs["xl-list"]).observed).toEqual({"Domain-0": 1048576, db: 524288});
    expect(explain("      total used free\nMem:  1.9Gi 512Mi 100Ki\n").observed).toEqual({"Mem.total": 1992294, "Mem.used": 524288, "Mem.free": 100});
    expect(explain("==> /sys/fs/cgroup/memory.max <==\n2048\nx/memory.high:4096\nmemory.limit_in_bytes 9223372036854771712").observed).toEqual({"memory.max": 2, "memory.high": 4, "memory.limit_in_bytes": null});
  });
  test.each([
    ["actual 1\nrss 2", ["no-guest-statistics", "rss-above-actual"]],
    ["rss 2", ["no-guest-statistics"]],
    ["actual 9\nrss 2\nunused 1\nswap_in 1\nlast_update 5", ["rss-below-actual", "swap-since-boot"]]
  ])("%j", (text, expected) => expect(codes(text)).toEqual(expected));
  test.each([
    ["actual 524288\navailable 1000000\nunused 1", true],
    ["actual 524288\navailable 524288\nunused 1", false],
    ["available 1000000\nunused 1", false]
  ])("%j: the total does not follow the balloon: %s", (text, fires) => expect(codes(text).includes("total-does-not-follow")).toBe(fires));
  test.each([
    ["used by nobody", "MemTotal: 1000000 kB\nMemFree: 300000 kB\nCached: 200000 kB\nAnonPages: 300000 kB\nSlab: 100000 kB\n", true],
    ["a little less than a tenth", "MemTotal: 1000000 kB\nMemFree: 300000 kB\nCached: 200000 kB\nAnonPages: 300000 kB\nSlab: 100001 kB\n", false],
    ["huge pages own it", "MemTotal: 1000000 kB\nMemFree: 300000 kB\nCached: 200000 kB\nAnonPages: 300000 kB\nSlab: 0 kB\nHugePages_Total: 100\nHugepagesize: 2048 kB\n", false],
    ["only a part was pasted", "MemTotal: 1000000 kB\nMemFree: 300000 kB\n", false]
  ])("meminfo, %s", (_, text, fires) => expect(codes(text).includes("used-by-nobody")).toBe(fires));
  test("nothing of the tool in it", () => expect(() => explain("hello", {from: "free"})).toThrow(expect.objectContaining({code: "no-numbers", path: "1:1"})));
});
