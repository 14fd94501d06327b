import {kib, type KiB} from "../../units.ts";
import type {XenMachineSpec, XenType} from "../../domain/xen/machine.ts";
import type {XenScenarioSpec} from "../../simulation/xen/scenario.ts";
import {parseMemSize} from "../../control/xl/size.ts";
import {isObject} from "../collector.ts";
import {malformed, maybeNumber} from "../read.ts";
import {machineSpecOf} from "../setup.ts";
import type {JsonObject, Recording} from "../types.ts";

const TYPES: readonly XenType[] = ["pv", "pvh", "hvm"];

const strings = (setup: JsonObject, key: string): readonly string[] => {
  const list = setup[key];
  return Array.isArray(list) ? list.filter((word): word is string => typeof word === "string") : [];
};

/** Values of an xl.cfg given as lines `key=value` or `key="value"`. */
export function xlConfig(setup: JsonObject): Readonly<Record<string, string>> {
  const pairs = strings(setup, "xlConfig").flatMap((line) => {
    const match = /^\s*(\w+)\s*=\s*"?(.*?)"?\s*$/.exec(line);
    return match ? [[match[1] ?? "", match[2] ?? ""] as const] : [];
  });
  return Object.fromEntries(pairs);
}

const fromMib = (value: number | undefined): KiB | undefined => (value === undefined ? undefined : kib(value * 1024));
const mibIn = (setup: JsonObject, key: string, text: string | undefined): KiB | undefined => fromMib(maybeNumber(setup[key]) ?? (text === undefined ? undefined : Number(text)));

/** What xl gives an HVM guest's display when nothing is said: 16 MiB for the standard VGA, 0 for none. */
function videoramOf(config: Readonly<Record<string, string>>, type: XenType): KiB {
  if (type !== "hvm" || config["vga"] === "none") return kib(0);
  const least = config["vga"] === "cirrus" || (config["vga"] === undefined && config["stdvga"] !== "1") ? 8 : 16;
  return kib(Math.max(least, Number(config["videoram"] ?? least)) * 1024);
}

/** The machine Xen runs on, from QEMU's arguments. */
function hostMachineOf(recording: Recording): XenMachineSpec["hostMachine"] {
  const {setup} = recording;
  return machineSpecOf({...recording, setup: {memoryMiB: setup["hostMemoryMiB"] ?? null, qemuArguments: setup["hostQemuArguments"] ?? null}});
}

/** dom0's command line: the words behind the first multiboot module. */
function dom0CommandLine(setup: JsonObject): string {
  const list = strings(setup, "hostQemuArguments");
  const modules = list[list.indexOf("-initrd") + 1] ?? "";
  return modules.split(",")[0]?.split(/\s+/).slice(1).join(" ") ?? "";
}

/** dom0_mem= of a Xen command line: the size it starts with and its maximum. */
export function parseDom0Mem(commandLine: string): {readonly memory: KiB; readonly maxmem: KiB} | null {
  const parts = /dom0_mem=(\S+)/.exec(commandLine)?.[1]?.split(",") ?? [];
  const size = (text: string | undefined): KiB | null => (text === undefined ? null : parseMemSize(text));
  const memory = size(parts.find((part) => /^\d/.test(part)));
  const max = size(parts.find((part) => part.startsWith("max:"))?.slice(4));
  return memory === null ? null : {memory, maxmem: max ?? memory};
}

function dom0Spec(recording: Recording): XenMachineSpec {
  const {setup} = recording;
  const line = typeof setup["xenCommandLine"] === "string" ? setup["xenCommandLine"] : "";
  const sizes = parseDom0Mem(line);
  const memory = fromMib(maybeNumber(setup["dom0MemoryMiB"])) ?? sizes?.memory;
  if (memory === undefined) throw malformed("setup.dom0MemoryMiB", "a memory size");
  return {
    type: "dom0",
    memory,
    maxmem: fromMib(maybeNumber(setup["dom0MaxMiB"])) ?? sizes?.maxmem,
    vcpus: maybeNumber(setup["dom0Vcpus"]),
    commandLine: dom0CommandLine(setup),
    hostMachine: hostMachineOf(recording)
  };
}

/** The domain of a libvirt recording. */
function libvirtSpec(domain: JsonObject): XenMachineSpec {
  const memory = fromMib(maybeNumber(domain["currentMemoryMiB"]) ?? maybeNumber(domain["memoryMiB"]));
  if (memory === undefined) throw malformed("setup.domain.memoryMiB", "a memory size");
  const text = [domain["osType"], domain["type"]].filter((word): word is string => typeof word === "string").join(" ").toLowerCase();
  const type = text.includes("pvh") ? "pvh" : text.includes("hvm") ? "hvm" : "pv";
  return {type, memory, maxmem: fromMib(maybeNumber(domain["memoryMiB"])), vcpus: maybeNumber(domain["vcpus"])};
}

/**
 * The domain a Xen recording is about.
 * @throws ModelError `malformed-recording` without a memory size.
 */
export function xenMachineSpecOf(recording: Recording): XenMachineSpec {
  const {setup} = recording;
  if (isObject(setup["domain"])) return libvirtSpec(setup["domain"]);
  if (setup["dom0MemoryMiB"] !== undefined && setup["memoryMiB"] === undefined) return dom0Spec(recording);
  const config = xlConfig(setup);
  const stated = setup["type"] ?? config["type"];
  const type = TYPES.find((one) => one === stated) ?? "pv";
  const memory = mibIn(setup, "memoryMiB", config["memory"]);
  if (memory === undefined) throw malformed("setup.memoryMiB", "a memory size");
  return {
    type,
    memory,
    maxmem: mibIn(setup, "maxmemMiB", config["maxmem"]),
    videoram: videoramOf(config, type),
    mmioHole: fromMib(config["mmio_hole"] === undefined ? undefined : Number(config["mmio_hole"])),
    vcpus: maybeNumber(setup["vcpus"]),
    commandLine: config["extra"]
  };
}

/** The guest's driver as its own sysfs describes it. */
function driverOf(setup: JsonObject): XenScenarioSpec["driver"] {
  const stated = isObject(setup["balloonDriver"]) ? setup["balloonDriver"] : {};
  const retries = maybeNumber(stated["maxRetryCount"]);
  const delay = maybeNumber(stated["maxScheduleDelaySeconds"]);
  return {...(retries === undefined ? {} : {maxRetryCount: retries}), ...(delay === undefined ? {} : {maxScheduleDelay: delay})};
}

/** The scenario of a recording, without its acts. */
export function xenScenarioOf(recording: Recording): Pick<XenScenarioSpec, "machine" | "name" | "driver"> {
  const machine = xenMachineSpecOf(recording);
  return {machine, name: machine.type === "dom0" ? "Domain-0" : (xlConfig(recording.setup)["name"] ?? "guest"), driver: driverOf(recording.setup)};
}
