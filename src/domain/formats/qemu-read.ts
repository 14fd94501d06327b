import type {BalloonSpec, DomainSpec, MemoryDeviceSpec, NumaCellSpec, ScaledText} from "../libvirt/spec.ts";
import {parseUint32} from "../libvirt/c-integer.ts";
import type {Span} from "./place.ts";
import {properties, qemuOptions, qemuSize, type QemuOption, type QemuProperties} from "./qemu-options.ts";
import {UnreadableError, type Mention, type RawValue, type Reading, type ReadProblem} from "./reading.ts";
import {shellWords} from "./shell-words.ts";

/** `-m` of a PC that names none: 128 MiB (QEMU's manual, invocation, `-m`). */
const DEFAULT_SIZE = 128n * 1024n * 1024n;
/** QEMU rounds `-m` up to this (hw/core/machine.c machine_set_mem, read at 7.2). */
const GRAIN = 8192n;

const inBytes = (size: bigint): ScaledText => ({text: size.toString(), unit: "b"});
const PROGRAM = /(?:^|\/)(?:qemu-system-([\w]+)|qemu-kvm|kvm|qemu)$/;

interface Parts {
  readonly options: readonly QemuOption[];
  readonly objects: ReadonlyMap<string, QemuProperties>;
  readonly devices: readonly QemuProperties[];
  readonly numa: readonly QemuProperties[];
  readonly machine: QemuProperties | null;
  readonly memory: QemuProperties | null;
}

function refuse(what: string, value: string, span: Span): never {
  throw new UnreadableError(`invalid ${what}: ${value.slice(0, 60)}`, span, {
    code: "malformed-value",
    expected: "a size below 2^64 bytes, with one of the suffixes b k M G T P E or none",
    hint: "QEMU refuses this command line"
  });
}

function sized(props: QemuProperties, key: string, plain: "m" | "b"): bigint | null {
  const text = props.facts.get(key);
  return text === undefined ? null : (qemuSize(text, plain) ?? refuse(key, text, props.raw.span));
}

/** Several `-m` or `-machine` add up, later keys win. */
function merged(options: readonly QemuOption[], names: readonly string[], headKey: string): QemuProperties | null {
  const given = options.filter(({name}) => names.includes(name)).map(({value}) => properties(value, headKey));
  const last = given.at(-1);
  if (!last) return null;
  const facts = new Map(given.flatMap(({facts: one, head}) => [...one, ...(head === "" ? [] : [[headKey, head] as const])]));
  return {head: facts.get(headKey) ?? "", facts, raw: last.raw};
}

function partsOf(words: readonly RawValue[]): Parts {
  const options = qemuOptions(words);
  const named = (...names: readonly string[]): readonly QemuProperties[] => options.filter(({name}) => names.includes(name)).map(({value}) => properties(value));
  const objects = named("object").filter(({head}) => head.startsWith("memory-backend"));
  return {
    options,
    objects: new Map(objects.map((object) => [object.facts.get("id") ?? "", object])),
    devices: named("device"),
    numa: named("numa").filter(({head}) => head === "node"),
    machine: merged(options, ["machine", "M"], "type"),
    memory: merged(options, ["m"], "size")
  };
}

/** `size` of the backend a property names. */
function backendSize({objects}: Parts, props: QemuProperties, key: string): bigint | null {
  const object = objects.get(props.facts.get(key) ?? "");
  return object ? sized(object, "size", "b") : null;
}

function bootSize(parts: Parts): bigint {
  const given = parts.memory?.facts.has("size") ? sized(parts.memory, "size", "m") : null;
  if (given !== null && given > 0n) return ((given + GRAIN - 1n) / GRAIN) * GRAIN;
  return (parts.machine && backendSize(parts, parts.machine, "memory-backend")) ?? DEFAULT_SIZE;
}

const DEVICE_MODELS: readonly (readonly [pattern: RegExp, model: string])[] = [
  [/^pc-dimm$/, "dimm"],
  [/^nvdimm$/, "nvdimm"],
  [/^virtio-mem(-|$)/, "virtio-mem"],
  [/^virtio-pmem(-|$)/, "virtio-pmem"]
];

function memoryDevice(parts: Parts, device: QemuProperties): readonly MemoryDeviceSpec[] {
  const model = DEVICE_MODELS.find(([pattern]) => pattern.test(device.head))?.[1];
  const size = model === undefined ? null : backendSize(parts, device, "memdev");
  if (model === undefined || size === null) return [];
  const common = {model, size: inBytes(size), node: device.facts.get("node") ?? null};
  const label = model === "nvdimm" ? sized(device, "label-size", "b") : null;
  if (model !== "virtio-mem") return [label === null ? common : {...common, label: inBytes(label)}];
  return [{...common, block: inBytes(sized(device, "block-size", "b") ?? 2n * 1024n * 1024n), requested: inBytes(sized(device, "requested-size", "b") ?? 0n)}];
}

/** `-machine sgx-epc.0.memdev=…` plugs enclave memory in. */
function enclaves(parts: Parts): readonly MemoryDeviceSpec[] {
  const {machine} = parts;
  if (!machine) return [];
  return [...machine.facts.keys()].filter((key) => /^sgx-epc\.\d+\.memdev$/.test(key)).flatMap((key) => {
    const size = backendSize(parts, machine, key);
    return size === null ? [] : [{model: "sgx-epc", size: inBytes(size), node: machine.facts.get(key.replace("memdev", "node")) ?? null}];
  });
}

function cells(parts: Parts): readonly NumaCellSpec[] {
  return parts.numa.flatMap((node, i) => {
    const size = sized(node, "mem", "m") ?? backendSize(parts, node, "memdev");
    return size === null ? [] : [{id: node.facts.get("nodeid") ?? String(i), cpus: null, memory: inBytes(size)}];
  });
}

const isBalloon = ({head}: QemuProperties): boolean => /^virtio-balloon(-|$)/.test(head);

function balloons(parts: Parts): readonly BalloonSpec[] {
  const found: BalloonSpec[] = parts.devices.filter(isBalloon).map(({head, facts}) => ({
    model: head.endsWith("-non-transitional") ? "virtio-non-transitional" : head.endsWith("-transitional") ? "virtio-transitional" : "virtio",
    autodeflate: facts.get("deflate-on-oom") === "on" || facts.get("deflate-on-oom") === "true" ? "on" : null,
    freePageReporting: facts.get("free-page-reporting") === "on" || facts.get("free-page-reporting") === "true" ? "on" : null,
    period: null
  }));
  const legacy = parts.options.some(({name, value}) => name === "balloon" && value.text.startsWith("virtio"));
  return found.length > 0 ? found.slice(0, 1) : [{model: legacy ? "virtio" : "none"}];
}

function mentionsIn(parts: Parts): readonly Mention[] {
  const found: Mention[] = [];
  const add = (what: Mention["what"], {span}: RawValue, detail = ""): void => void found.push({what, span, detail});
  for (const {name, value} of parts.options) {
    const {text} = value;
    if (name === "mem-path") add("hugepages", value, text);
    if (name === "mem-prealloc") add("immediate", value);
    if ((name === "overcommit" && /mem-lock=on/.test(text)) || (name === "realtime" && /mlock=on/.test(text))) add("locked", value);
    if (name === "readconfig") add("other-file", value, text);
    if (name === "object" && /^(\{.*"qom-type":"|)(sev|tdx)/.test(text)) add("confidential", value);
    if (/^(drive|blockdev|bios|pflash)$/.test(name) && /OVMF|AAVMF|edk2/i.test(text)) add("efi", value);
    if (name === "cpu" && /hv[-_]/.test(text)) add("windows", value, "hyperv");
  }
  for (const device of parts.devices) if (/^vfio-/.test(device.head)) add("vfio", device.raw, device.head);
  for (const object of parts.objects.values()) {
    if (/huge/i.test(object.facts.get("mem-path") ?? "") || object.facts.get("hugetlb") === "on") add("hugepages", object.raw, object.facts.get("mem-path") ?? "");
    if (object.facts.get("prealloc") === "on") add("immediate", object.raw);
    if (object.facts.get("share") === "on") add("shared", object.raw);
  }
  return found;
}

function problemsIn(parts: Parts): readonly ReadProblem[] {
  const {memory} = parts;
  if (!memory) return [{severity: "note", code: "default-size", message: "there is no -m: QEMU gives the machine its default, 128 MiB on a PC", span: {start: 0, end: 0}}];
  const maxmem = memory.facts.get("maxmem");
  if (maxmem === undefined || !/^\d+$/.test(maxmem)) return [];
  return [{severity: "warning", code: "maxmem-bytes", message: `maxmem=${maxmem} is in bytes: only size is in MiB when it has no suffix`, span: memory.raw.span}];
}

function spansOf(parts: Parts): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  const memory = parts.memory?.raw.span;
  if (memory) {
    for (const key of ["memory", "currentMemory"]) spans.set(key, memory);
    if (parts.memory.facts.has("maxmem")) spans.set("maxMemory", memory);
  }
  const balloon = parts.devices.find(isBalloon)?.raw.span;
  if (balloon) spans.set("balloon", balloon);
  const node = parts.numa[0]?.raw.span;
  if (node) spans.set("numa", node);
  parts.devices.filter((device) => memoryDevice(parts, device).length > 0).forEach(({raw}, i) => spans.set(`devices[${i}]`, raw.span));
  return spans;
}

function archOf(words: readonly RawValue[]): string {
  const program = words.map(({text}) => PROGRAM.exec(text)).find((found) => found !== null);
  const arch = program?.[1] ?? "x86_64";
  return arch === "i386" ? "i686" : arch;
}

function vcpusOf({options}: Parts): number {
  const smp = options.findLast(({name}) => name === "smp");
  const given = smp && properties(smp.value, "cpus");
  const most = given ? (given.facts.get("maxcpus") ?? (given.head === "" ? given.facts.get("cpus") : given.head)) : undefined;
  const count = parseUint32(most ?? "1");
  return count !== null && count > 0 ? count : 1;
}

/** `<memory>` of libvirt: what the machine boots with and every memory device. */
function specOf(words: readonly RawValue[], parts: Parts): DomainSpec {
  const devices = [...parts.devices.flatMap((device) => memoryDevice(parts, device)), ...enclaves(parts)];
  const plugged = devices.reduce((sum, {size}) => sum + BigInt(size?.text ?? "0"), 0n);
  const most = parts.memory ? sized(parts.memory, "maxmem", "b") : null;
  const nodes = cells(parts);
  const name = parts.options.findLast((option) => option.name === "name");
  const called = name && properties(name.value, "guest");
  return {
    type: parts.options.some((option) => option.name === "enable-kvm" || (option.name === "accel" && option.value.text.startsWith("kvm"))) || /kvm/.test(parts.machine?.facts.get("accel") ?? "") ? "kvm" : "qemu",
    arch: archOf(words),
    vcpus: vcpusOf(parts),
    ...(called && called.head !== "" ? {name: called.head} : {}),
    memory: inBytes(bootSize(parts) + plugged),
    ...(most === null ? {} : {maxMemory: {...inBytes(most), slots: parts.memory?.facts.get("slots") ?? null}}),
    ...(nodes.length > 0 ? {numa: nodes} : {}),
    ...(devices.length > 0 ? {memoryDevices: devices} : {}),
    balloons: balloons(parts)
  };
}

/**
 * Reads a QEMU command line: `-m` in all its forms, memory backends and devices,
 * NUMA nodes, the balloon. Sizes are exact; what a monitor did later is not in it.
 * @throws UnreadableError `unclosed-quote`, `malformed-value`, or `not-qemu` when no word is an option.
 */
export function readQemuArgv(text: string): Reading {
  const words = shellWords(text);
  const parts = partsOf(words);
  if (parts.options.length === 0) throw new UnreadableError("this is not a QEMU command line", {start: 0, end: 0}, {code: "not-qemu", expected: "options such as -m 1024", hint: "give the whole command line"});
  const values = new Map(parts.memory ? [["-m", parts.memory.raw] as const] : []);
  return {format: "qemu", spec: specOf(words, parts), spans: spansOf(parts), mentions: mentionsIn(parts), problems: problemsIn(parts), values, machine: parts.machine?.head ?? null, xenType: null};
}
