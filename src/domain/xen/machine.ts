import {ModelError} from "../../errors.ts";
import {kib, mib, mibToKib, type KiB} from "../../units.ts";
import {resolveMachine, type Machine, type MachineSpec} from "../machine.ts";
import {xenParameters, type XenEra, type XenParameters} from "./parameters.ts";

/** PV has no firmware and knows that it is a guest; HVM is a whole PC; PVH is HVM's memory without the PC. dom0 is PV and owns the host's map. */
export type XenType = "pv" | "pvh" | "hvm" | "dom0";

/** What a Xen domain is given at its start. */
export interface XenMachineSpec {
  readonly type: XenType;
  /** xl.cfg `memory=`, dom0's `dom0_mem=`: what the domain starts with. */
  readonly memory: KiB;
  /** xl.cfg `maxmem=`, `dom0_mem=max:`: the end of its map; defaults to `memory`, and is not below it. */
  readonly maxmem?: KiB | undefined;
  /** HVM's video memory, part of `memory`; defaults to 0 (`vga="none"`). */
  readonly videoram?: KiB | undefined;
  /** HVM's `mmio_hole=`; only enlarges the hole below 4 GiB. */
  readonly mmioHole?: KiB | undefined;
  /** Processors; defaults to 1. */
  readonly vcpus?: number | undefined;
  /** `extra=`: the guest's kernel command line. */
  readonly commandLine?: string | undefined;
  readonly kernel?: MachineSpec["kernel"];
  readonly userland?: MachineSpec["userland"];
  /** Which Xen and Linux; defaults to "today". */
  readonly parameters?: XenEra | undefined;
  /** The machine Xen runs on: dom0 gets its map. Required for dom0. */
  readonly hostMachine?: MachineSpec | undefined;
}

/** A Xen domain with every default filled in. */
export interface XenMachine {
  readonly type: XenType;
  readonly memory: KiB;
  readonly maxmem: KiB;
  readonly videoram: KiB;
  readonly mmioHole: KiB;
  readonly parameters: XenParameters;
  /** The guest's kernel and processors, in the words of the boot model; its memory is what the map covers. */
  readonly guest: Machine;
  readonly hostMachine: Machine | null;
}

/** Largest memory the model takes, 1 TiB: one page of Xen's own frame lists reaches no further. */
const LIMIT = mibToKib(mib(1024 ** 2));
/** A kernel of the recordings does not fit into less. */
const SMALLEST = mibToKib(mib(64));

function size(value: number, path: string, low: number, high: number): KiB {
  if (Number.isInteger(value) && value >= low && value <= high) return kib(value);
  throw new ModelError(`invalid ${path}: ${value}`, {code: "out-of-range", path, expected: `a whole number of KiB from ${low} to ${high}`, hint: `give ${path} in KiB`});
}

function hostOf(spec: XenMachineSpec): Machine | null {
  if (spec.hostMachine) return resolveMachine(spec.hostMachine);
  if (spec.type !== "dom0") return null;
  throw new ModelError("dom0 without a machine", {code: "missing-field", path: "hostMachine", expected: "the machine Xen runs on", hint: "dom0's map is the machine's map"});
}

/** Loaded as it is, at its fixed place: only HVM's firmware starts a kernel that can move. */
const commandLineOf = ({type, commandLine = ""}: XenMachineSpec): string => (type === "hvm" ? commandLine : `${commandLine} nokaslr`);

/**
 * Fills in the defaults and checks each field once; a resolved machine is returned as it is.
 * @throws ModelError `out-of-range`, `missing-field`, `unknown-parameters`.
 */
export function resolveXenMachine(spec: XenMachineSpec | XenMachine): XenMachine {
  if ("guest" in spec) return spec;
  const memory = size(spec.memory, "memory", SMALLEST, LIMIT);
  const maxmem = size(spec.maxmem ?? memory, "maxmem", memory, LIMIT);
  const commandLine = commandLineOf({...spec, commandLine: spec.commandLine ?? spec.kernel?.commandLine});
  return Object.freeze({
    type: spec.type,
    memory,
    maxmem,
    videoram: size(spec.videoram ?? 0, "videoram", 0, spec.type === "hvm" ? memory : 0),
    mmioHole: size(spec.mmioHole ?? 0, "mmioHole", 0, 3 * 1024 ** 2),
    parameters: xenParameters(spec.parameters ?? "today"),
    guest: resolveMachine({memory: maxmem, vcpus: spec.vcpus, balloon: null, acpi: spec.type !== "pv", kernel: {...spec.kernel, commandLine}, userland: spec.userland}),
    hostMachine: hostOf(spec)
  });
}

/** Paravirtual: no firmware, no video, no populate-on-demand. */
export const isPv = ({type}: Pick<XenMachine, "type">): boolean => type === "pv" || type === "dom0";
