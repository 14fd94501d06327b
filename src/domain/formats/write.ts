import {alignForQemu} from "../libvirt/align.ts";
import {hasBalloon, type DomainDef, type MemoryDevice} from "../libvirt/domain-def.ts";
import {memoryLines} from "./domain-xml-lines.ts";
import {formatMemoryArgument, qemuMemoryArguments} from "./qemu-argv.ts";
import type {ConfigFormat} from "./reading.ts";
import {formatVmxMemory} from "./vmx.ts";
import {formatXlMemory} from "./xl-cfg.ts";

/** What a writer wants to know besides the definition. */
export interface WriteContext {
  /** QEMU machine type, or null for the default. */
  readonly machine: string | null;
  readonly xenType: "pv" | "pvh" | "hvm" | null;
}

const escapeXml = (text: string): string =>
  text.replace(/[<>&'"]/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "?");
const kib = (name: string, size: number): string => `<${name} unit='KiB'>${size}</${name}>`;
const nameOf = ({name}: DomainDef): string => name.trim() || "domain";

/** The type of a domain in libvirt; other formats' domains go to the driver that runs them. */
const TYPES = new Set(["qemu", "kvm", "hvf", "xen", "lxc", "vmware", "test", "bhyve", "openvz", "vbox", "vz", "hyperv", "uml", "kqemu", "parallels", "phyp"]);

function osLine({type, arch}: DomainDef, {machine, xenType}: WriteContext): string {
  const kind = type === "lxc" ? "exe" : type === "xen" && xenType !== "hvm" ? (xenType === "pvh" ? "xenpvh" : "linux") : "hvm";
  const board = machine === null ? "" : ` machine='${escapeXml(machine)}'`;
  return `<os><type arch='${escapeXml(arch)}'${board}>${kind}</type></os>`;
}

function deviceLines({model, size, node, block, requested, label}: MemoryDevice): readonly string[] {
  const target = [
    kib("size", size),
    ...(node === null ? [] : [`<node>${node}</node>`]),
    ...(label === undefined ? [] : [`<label>${kib("size", label)}</label>`]),
    ...(model === "virtio-mem" ? [kib("block", block), kib("requested", requested)] : [])
  ];
  return [`<memory model='${model}'>`, `  <target>${target.join("")}</target>`, "</memory>"];
}

function balloonLine({balloon: {model, autodeflate, freePageReporting, period}}: DomainDef): string {
  const start = `<memballoon model='${model}'${autodeflate ? " autodeflate='on'" : ""}${freePageReporting ? " freePageReporting='on'" : ""}`;
  return period > 0 ? `${start}><stats period='${period}'/></memballoon>` : `${start}/>`;
}

const indented = (lines: readonly string[], by = "  "): readonly string[] => lines.map((line) => by + line);

/** A domain definition with the memory of `def` in it, and little else. */
function writeLibvirt(def: DomainDef, context: WriteContext): string {
  const cells = def.cells.map((size, i) => `<cell id='${i}' memory='${size}' unit='KiB'/>`);
  const numa = cells.length === 0 ? [] : ["<cpu>", "  <numa>", ...indented(cells, "    "), "  </numa>", "</cpu>"];
  const devices = ["<devices>", ...indented(def.devices.flatMap(deviceLines)), `  ${balloonLine(def)}`, "</devices>"];
  const type = TYPES.has(def.type) ? def.type : "qemu";
  const lines = [`<name>${escapeXml(nameOf(def))}</name>`, ...memoryLines(def), `<vcpu>${def.vcpus}</vcpu>`, osLine(def, context), ...numa, ...devices];
  return [`<domain type='${type}'>`, ...indented(lines), "</domain>"].join("\n");
}

const quoted = (text: string): string => `"${text.replace(/["\\\r\n]/g, "_")}"`;

function writeXl(def: DomainDef, {xenType}: WriteContext): string {
  const {maxmem, memory} = formatXlMemory(def);
  const vnuma = def.cells.map((size, i) => `["pnode=${i}", "size=${Math.ceil(size / 1024)}"]`);
  return [
    `name = ${quoted(nameOf(def))}`,
    `type = "${xenType ?? "hvm"}"`,
    `maxmem = ${maxmem}`,
    `memory = ${memory}`,
    `vcpus = ${def.vcpus}`,
    ...(vnuma.length === 0 ? [] : [`vnuma = [ ${vnuma.join(", ")} ]`])
  ].join("\n");
}

const vmxText = (text: string): string => text.replace(/[|"\r\n]/g, (c) => `|${c.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);

function writeVmx(def: DomainDef): string {
  const {memsize, limit, reservation} = formatVmxMemory(def);
  const lines: readonly (readonly [string, string | number | null])[] = [
    [".encoding", "UTF-8"],
    ["config.version", 8],
    ["virtualHW.version", 4],
    ["guestOS", def.arch === "x86_64" ? "other-64" : "other"],
    ["displayName", vmxText(nameOf(def))],
    ["memsize", memsize],
    ["sched.mem.max", limit],
    ["sched.mem.minsize", reservation],
    ["numvcpus", def.vcpus]
  ];
  return lines.filter(([, value]) => value !== null).map(([key, value]) => `${key} = "${value ?? ""}"`).join("\n");
}

/** A word as the shell reads it back. */
const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const DRIVERS: Readonly<Record<MemoryDevice["model"], string>> = {dimm: "pc-dimm", nvdimm: "nvdimm", "virtio-mem": "virtio-mem-pci", "virtio-pmem": "virtio-pmem-pci", "sgx-epc": "sgx-epc"};
const inBytes = (size: number): string => (BigInt(size) * 1024n).toString();

function deviceWords({model, size, node, block, requested, label}: MemoryDevice, i: number): readonly (readonly string[])[] {
  if (model === "sgx-epc") return [];
  const more = model === "virtio-mem" ? `,block-size=${inBytes(block)},requested-size=${inBytes(requested)}` : label === undefined ? "" : `,label-size=${inBytes(label)}`;
  const where = node === null || model === "virtio-pmem" ? "" : `,node=${node}`;
  return [
    ["-object", `memory-backend-ram,id=mem${i},size=${inBytes(size)}`],
    ["-device", `${DRIVERS[model]},memdev=mem${i}${where}${more}`]
  ];
}

function balloonWords({balloon}: DomainDef): readonly (readonly string[])[] {
  if (balloon.model === "none") return [];
  const kind = balloon.model === "virtio" || balloon.model === "xen" ? "" : balloon.model.slice("virtio".length);
  return [["-device", `virtio-balloon-pci${kind}${balloon.autodeflate ? ",deflate-on-oom=on" : ""}${balloon.freePageReporting ? ",free-page-reporting=on" : ""}`]];
}

/** @throws LibvirtFailure when alignment overflows. */
function writeQemu(def: DomainDef, {machine}: WriteContext): string {
  const aligned = alignForQemu(def);
  const kvm = def.type === "kvm" ? [["-accel", "kvm"]] : [];
  const cells = aligned.cells.flatMap((size, i) => [
    ["-object", `memory-backend-ram,id=ram-node${i},size=${inBytes(size)}`],
    ["-numa", `node,nodeid=${i},memdev=ram-node${i}`]
  ]);
  const words: readonly (readonly string[])[] = [
    [`qemu-system-${def.arch === "i686" ? "i386" : def.arch}`],
    ["-name", `guest=${nameOf(def).replaceAll(",", ",,")}`],
    ...(machine === null ? [] : [["-machine", machine.replaceAll(",", ",,")]]),
    ...kvm,
    ["-m", formatMemoryArgument(qemuMemoryArguments(def))],
    ["-smp", String(def.vcpus)],
    ...cells,
    ...aligned.devices.flatMap(deviceWords),
    ...(hasBalloon(def) ? balloonWords(def) : [])
  ];
  return words.map((group) => group.map(shellWord).join(" ")).join(" \\\n");
}

/**
 * A definition in a format, by libvirt's rules for the numbers; no line end at the end.
 * @throws LibvirtFailure when a size cannot be aligned.
 */
export function writeConfig(def: DomainDef, to: ConfigFormat, context: WriteContext): string {
  if (to === "libvirt") return writeLibvirt(def, context);
  if (to === "xl") return writeXl(def, context);
  return to === "vmx" ? writeVmx(def) : writeQemu(def, context);
}
