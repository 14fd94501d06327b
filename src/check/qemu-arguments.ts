import {ModelError} from "../errors.ts";
import {kib, type KiB} from "../units.ts";

/** What a QEMU argument list says of the machine's memory. Undefined: not said. */
export interface QemuArguments {
  readonly memory: KiB | undefined;
  readonly maxMemory: KiB | undefined;
  readonly slots: number | undefined;
  /** Machine type name. */
  readonly machine: string | undefined;
  readonly maxRamBelow4g: KiB | undefined;
  readonly acpi: boolean | undefined;
  readonly vcpus: number | undefined;
  readonly maxVcpus: number | undefined;
  readonly cpu: string | undefined;
  readonly commandLine: string | undefined;
  /** A firmware other than the board's own: `-bios` or a flash drive's file. */
  readonly firmware: string | undefined;
  /** Every `-device`, name and properties. */
  readonly devices: readonly QemuDevice[];
}

export interface QemuDevice {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** A size as `-m` and machine properties take it; a bare number counts in `unit`. */
export function parseQemuSize(value: string, unit: "B" | "M", path: string): KiB {
  if (/^\d+(\.\d+)?[BKMGT]?$/i.test(value)) {
    const suffix = /\d$/.test(value) ? unit : value.slice(-1).toUpperCase();
    return kib(parseFloat(value) * 1024 ** ("BKMGT".indexOf(suffix) - 1));
  }
  throw new ModelError(`invalid size: ${value}`, {code: "malformed-recording", path, expected: "a number with B, K, M, G or T", hint: "give the size as QEMU takes it"});
}

/** Splits `a,b=c,d=e` into a first bare word and properties; a doubled comma is a literal one. */
function splitOption(option: string): {readonly first: string; readonly properties: Record<string, string>} {
  const parts = option.split(/(?<!,),(?!,)/).filter((part) => part !== "").map((part) => part.replaceAll(",,", ","));
  const [bare = "", named] = parts.slice(0, 1).some((part) => !part.includes("=")) ? [parts[0], parts.slice(1)] : ["", parts];
  return {
    first: bare,
    properties: Object.fromEntries(named.map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [part, "on"] : [part.slice(0, at), part.slice(at + 1)];
    }))
  };
}

const isOn = (value: string | undefined): boolean | undefined => (value === undefined ? undefined : value === "on" || value === "yes" || value === "true");

function parseJson(option: string): Record<string, unknown> {
  try {
    return JSON.parse(option) as Record<string, unknown>;
  } catch {
    throw new ModelError(`invalid device: ${option}`, {code: "malformed-recording", path: "setup.qemuArguments", expected: "name,key=value or a JSON object", hint: "give the device as QEMU takes it"});
  }
}

/** `-device` in either form: `name,key=value` or JSON. */
function parseDevice(option: string): QemuDevice {
  if (!option.startsWith("{")) {
    const {first, properties} = splitOption(option);
    return {name: first === "" ? (properties["driver"] ?? "") : first, properties};
  }
  const json = parseJson(option);
  const properties = Object.fromEntries(Object.entries(json).map(([key, value]) => [key, value === true ? "on" : value === false ? "off" : String(value)]));
  return {name: properties["driver"] ?? "", properties};
}

/**
 * Reads the parts of a QEMU argument list that decide memory. Later options win, as in QEMU.
 * @throws ModelError `malformed-recording` for a size that is none.
 */
export function parseQemuArguments(list: readonly string[], path = "setup.qemuArguments"): QemuArguments {
  const values = (...names: string[]): string[] => list.flatMap((word, i) => (names.includes(word) ? [list[i + 1] ?? ""] : []));
  const merged = (...names: string[]): {first: string; properties: Record<string, string>} =>
    values(...names).map(splitOption).reduce((all, one) => ({first: one.first || all.first, properties: {...all.properties, ...one.properties}}), {first: "", properties: {}});
  const size = (value: string | undefined, unit: "B" | "M"): KiB | undefined => (value === undefined || value === "" ? undefined : parseQemuSize(value, unit, path));
  const count = (value: string | undefined): number | undefined => (value === undefined || value === "" ? undefined : Number(value));
  const [memory, machine, smp] = [merged("-m"), merged("-machine", "-M"), merged("-smp")];
  const noAcpi = list.includes("-no-acpi") ? false : undefined;
  return {
    memory: size(memory.first || memory.properties["size"], "M"),
    maxMemory: size(memory.properties["maxmem"], "M"),
    slots: count(memory.properties["slots"]),
    machine: (machine.first || machine.properties["type"]) ?? undefined,
    maxRamBelow4g: size(machine.properties["max-ram-below-4g"], "B"),
    acpi: noAcpi ?? isOn(machine.properties["acpi"]),
    vcpus: count(smp.first || smp.properties["cpus"]),
    maxVcpus: count(smp.properties["maxcpus"]),
    cpu: values("-cpu").at(-1),
    commandLine: values("-append").at(-1),
    firmware: values("-bios").at(-1) ?? values("-drive").map(splitOption).find(({properties}) => properties["if"] === "pflash")?.properties["file"],
    devices: values("-device").map(parseDevice)
  };
}

/** Whether a device property is on; undefined when it was not given. */
export const deviceSwitch = (device: QemuDevice, name: string): boolean | undefined => isOn(device.properties[name]);
