import type {Cpu, MachineSpec} from "../domain/machine.ts";
import {kib} from "../units.ts";
import {maybeNumber, malformed} from "./read.ts";
import {deviceSwitch, parseQemuArguments, type QemuArguments} from "./qemu-arguments.ts";
import type {JsonObject, Recording} from "./types.ts";

/** The recording's argument list, empty when there is none. */
export const argumentsOf = (setup: JsonObject): readonly string[] => {
  const list = setup["qemuArguments"];
  return Array.isArray(list) ? list.filter((word): word is string => typeof word === "string") : [];
};

/** QEMU's named processor models by whose they are; the rest, and the default under emulation, say AMD. */
const intel = /^(Conroe|Penryn|Nehalem|Westmere|SandyBridge|IvyBridge|Haswell|Broadwell|Skylake|Cascadelake|Cooperlake|Icelake|Denverton|Snowridge|KnightsMill|SapphireRapids|core2duo|coreduo|kvm|n270|pentium|486|Intel)/i;

function cpuOf(name: string | undefined): Partial<Cpu> {
  return name !== undefined && intel.test(name) ? {vendor: "intel"} : {};
}

function balloonOf(setup: JsonObject, argv: QemuArguments | null): MachineSpec["balloon"] {
  const device = argv?.devices.find(({name}) => name.startsWith("virtio-balloon"));
  const stated = setup["balloonDevice"];
  if (argv ? device === undefined : stated === null || stated === undefined) return null;
  const flag = (key: string, property: string): boolean => (device && deviceSwitch(device, property)) ?? setup[key] === true;
  return {deflateOnOom: flag("deflateOnOom", "deflate-on-oom"), freePageReporting: flag("freePageReporting", "free-page-reporting")};
}

/** A firmware file by its name: SeaBIOS builds are called bios*.bin, OVMF's OVMF*.fd. */
function firmwareOf(argv: QemuArguments | null): MachineSpec["firmware"] {
  if (argv?.firmware !== undefined && /(^|\/)OVMF[^/]*\.fd$/.test(argv.firmware)) return {name: "ovmf"};
  if (argv?.firmware !== undefined && !/(^|\/)(bios|vgabios).*\.bin$/.test(argv.firmware)) return {name: argv.firmware, version: "unknown"};
  return undefined;
}

function hotplugOf(argv: QemuArguments | null, memory: number): MachineSpec["hotplug"] {
  if (argv?.maxMemory === undefined) return null;
  return {maxMemory: kib(Math.max(argv.maxMemory, memory)), slots: argv.slots ?? 0};
}

/** uname -r out of "Linux 6.1.0-56-amd64 (Debian ...)". */
function kernelVersion(recording: Recording): string | undefined {
  const stated = recording.recorded["guestKernel"];
  return typeof stated === "string" ? /^Linux (\S+)/.exec(stated)?.[1] : undefined;
}

/**
 * The machine a QEMU recording was made on: the argument list where it says
 * something, the typed setup elsewhere.
 * @throws ModelError `malformed-recording` without a memory size.
 */
export function machineSpecOf(recording: Recording): MachineSpec {
  const {setup} = recording;
  const list = argumentsOf(setup);
  const argv = list.length > 0 ? parseQemuArguments(list) : null;
  const stated = maybeNumber(setup["memoryMiB"]);
  const memory = argv?.memory ?? (stated === undefined ? undefined : kib(stated * 1024));
  if (memory === undefined) throw malformed("setup.memoryMiB", "a memory size");
  const machine = argv?.machine ?? setup["machine"];
  return {
    memory,
    machine: typeof machine === "string" && machine !== "" ? machine : undefined,
    maxRamBelow4g: argv?.maxRamBelow4g,
    firmware: firmwareOf(argv),
    virtioDisks: argv?.devices.filter(({name}) => name.startsWith("virtio-blk")).length,
    vcpus: argv?.vcpus ?? maybeNumber(setup["vcpus"]),
    maxVcpus: argv?.maxVcpus,
    acpi: argv?.acpi,
    cpu: cpuOf(argv?.cpu),
    balloon: balloonOf(setup, argv),
    hotplug: hotplugOf(argv, memory),
    kernel: {...(argv?.commandLine === undefined ? {} : {commandLine: argv.commandLine}), ...versionPart(kernelVersion(recording))}
  };
}

const versionPart = (version: string | undefined): {version?: string} => (version === undefined ? {} : {version});
