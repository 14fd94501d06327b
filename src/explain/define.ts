import {alignForQemu} from "../domain/libvirt/align.ts";
import {initialMemory, UNLIMITED, type BalloonModel, type DomainDef, type MemoryDevice} from "../domain/libvirt/domain-def.ts";
import {attempt} from "../domain/libvirt/error.ts";
import {parseDomain} from "../domain/libvirt/parse.ts";
import {postParse} from "../domain/libvirt/post-parse.ts";
import {RECORDED_VERSION} from "../domain/libvirt/version.ts";
import {formatMemoryArgument, qemuMemoryArguments} from "../domain/formats/qemu-argv.ts";
import type {Reading} from "../domain/formats/reading.ts";
import {MAXMEM_CONSTANT} from "./rules/xen.ts";
import type {DomainNumbers, StartedNumbers, Subject} from "./types.ts";

/** The driver that runs a domain of that type. */
export function driverOf(type: string): Subject["driver"] {
  if (type === "qemu" || type === "kvm" || type === "hvf" || type === "kqemu") return "qemu";
  if (type === "xen" || type === "lxc") return type;
  return type === "vmware" ? "esx" : "other";
}

const FALLBACKS: Partial<Record<Subject["driver"], BalloonModel>> = {qemu: "virtio", xen: "xen"};

/**
 * What libvirt makes of a configuration when it loads it. Loading a stored
 * definition keeps `<memory>` where NUMA cells say otherwise; `virsh define` on
 * QEMU does not (`abiUpdate`).
 * @throws LibvirtFailure with libvirt's message.
 */
export function definitionOf({spec}: Reading, abiUpdate = false): DomainDef {
  const driver = driverOf(spec.type ?? "qemu");
  return postParse(parseDomain(spec, FALLBACKS[driver] ?? "none"), {abiUpdate, version: RECORDED_VERSION, slotsOptional: true});
}

const limit = (value: number): number | null => (value < UNLIMITED ? value : null);
const some = (value: number): number | null => (value > 0 ? value : null);

const deviceNumbers = ({model, size, node, block, requested}: MemoryDevice): DomainNumbers["devices"][number] => {
  const resizable = model === "virtio-mem";
  return {model, size, node, block: resizable ? block : null, requested: resizable ? requested : null};
};

/** A definition as plain numbers, KiB. */
export function numbersOf(def: DomainDef): DomainNumbers {
  const {limits, balloon} = def;
  return {
    name: def.name === "" ? null : def.name,
    type: def.type,
    arch: def.arch,
    vcpus: def.vcpus,
    memory: def.total,
    currentMemory: def.current,
    maxMemory: some(def.max),
    slots: some(def.slots),
    initialMemory: initialMemory(def),
    memtune: {hardLimit: limit(limits.hard), softLimit: limit(limits.soft), swapHardLimit: limit(limits.swapHard), minGuarantee: some(limits.minGuarantee)},
    numa: def.cells,
    devices: def.devices.map(deviceNumbers),
    balloon: {model: balloon.model, autodeflate: balloon.autodeflate, freePageReporting: balloon.freePageReporting, period: balloon.period}
  };
}

const upTo = (value: number, grain: number): number => Math.ceil(value / grain) * grain;

function plainStart(def: DomainDef, {driver, reading: {machine, xenType}}: Pick<Subject, "driver" | "reading">): StartedNumbers {
  const {memory, currentMemory, initialMemory: initial, maxMemory, slots, numa, devices} = numbersOf(def);
  return {driver, memory, currentMemory, initialMemory: initial, maxMemory, slots, numa, devices, hostCap: null, guaranteed: null, qemuMemory: null, board: driver === "qemu" ? machine : null, guestType: driver === "xen" ? xenType : null};
}

function startedQemu(subject: Subject): StartedNumbers {
  const {def} = subject;
  const aligned = attempt(() => alignForQemu(def));
  const base = plainStart(aligned.ok ? aligned.value : def, subject);
  const argument = attempt(() => formatMemoryArgument(qemuMemoryArguments(def)));
  return {...base, hostCap: limit(def.limits.hard), qemuMemory: argument.ok ? argument.value : null};
}

/** An ESX limit counts from the size rounded up to 4 MiB, as libvirt writes it. */
function startedEsx(subject: Subject): StartedNumbers {
  const {def, reading: {format}} = subject;
  const base = plainStart(def, subject);
  const memory = upTo(def.total, 4096);
  const reserved = some(upTo(Math.min(def.limits.minGuarantee, memory), 1024));
  const cap = format === "vmx" ? (def.current < def.total ? def.current : null) : def.current < memory ? upTo(def.current, 1024) : null;
  return {...base, memory, initialMemory: memory, currentMemory: upTo(def.current, 1024), hostCap: cap, guaranteed: reserved};
}

/** What the driver makes of a definition at start: its rounding, its caps. */
export function startedNumbers(subject: Subject): StartedNumbers {
  const {def, driver, reading} = subject;
  if (driver === "qemu") return reading.format === "qemu" ? {...plainStart(def, subject), qemuMemory: reading.values.get("-m")?.text ?? null} : startedQemu(subject);
  if (driver === "esx") return startedEsx(subject);
  const base = plainStart(def, subject);
  if (driver === "xen") {
    const target = upTo(def.current, 1024);
    return {...base, memory: upTo(def.total, 1024), initialMemory: upTo(base.initialMemory, 1024), currentMemory: target, hostCap: target + MAXMEM_CONSTANT};
  }
  if (driver === "lxc") return {...base, hostCap: limit(def.limits.hard) ?? def.total};
  return base;
}
