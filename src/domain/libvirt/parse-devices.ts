import {kib, type KiB} from "../../units.ts";
import {parseInt32} from "./c-integer.ts";
import type {BalloonDef, BalloonModel, MemoryDevice} from "./domain-def.ts";
import {fail} from "./error.ts";
import {parseMemory} from "./memory-text.ts";
import type {BalloonSpec, MemoryDeviceSpec} from "./spec.ts";

const BALLOON_MODELS: readonly BalloonModel[] = ["virtio", "xen", "none", "virtio-transitional", "virtio-non-transitional"];
const DEVICE_MODELS: readonly MemoryDevice["model"][] = ["dimm", "nvdimm", "virtio-pmem", "virtio-mem", "sgx-epc"];

/** An attribute with a fixed set of words. */
function word<T extends string>(words: readonly T[], text: string | null | undefined, attribute: string, element: string): T {
  if (text === null || text === undefined) fail("VIR_ERR_XML_ERROR", `Missing required attribute '${attribute}' in element '${element}'`);
  const found = words.find((one) => one === text);
  return found ?? fail("VIR_ERR_XML_ERROR", `Invalid value for attribute '${attribute}' in element '${element}': '${text}'.`);
}

const onOff = (text: string | null | undefined, attribute: string): boolean =>
  text !== null && text !== undefined && word(["on", "off"], text, attribute, "memballoon") === "on";

function parsePeriod(text: string | null | undefined): number {
  if (text === null || text === undefined) return 0;
  const period = parseInt32(text);
  if (period === null) fail("VIR_ERR_XML_ERROR", `Invalid value for attribute 'period' in element 'stats': '${text}'. Expected integer value`);
  return Math.max(period, 0);
}

/**
 * The balloon device. QEMU domains that name none get virtio, others none.
 * @throws LibvirtFailure XML_ERROR (libvirt 9.0.0 src/conf/domain_conf.c virDomainMemballoonDefParseXML).
 */
export function parseBalloon(given: readonly BalloonSpec[] | undefined, fallback: BalloonModel): BalloonDef {
  const [balloon, second] = given ?? [];
  if (second) fail("VIR_ERR_XML_ERROR", "only a single memory balloon device is supported");
  if (!balloon) return {model: fallback, autodeflate: false, freePageReporting: false, period: 0};
  return {
    model: word(BALLOON_MODELS, balloon.model, "model", "memballoon"),
    autodeflate: onOff(balloon.autodeflate, "autodeflate"),
    freePageReporting: onOff(balloon.freePageReporting, "freePageReporting"),
    period: parsePeriod(balloon.period)
  };
}

function parseNode(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text === "") return null;
  const node = parseInt32(text);
  return node === null || node < 0 ? fail("VIR_ERR_XML_ERROR", "invalid value of memory device node") : node;
}

/** Least size of an NVDIMM's labels, KiB (virDomainMemoryTargetDefParseXML). */
const LEAST_LABEL = 128;

function parseLabel({label}: MemoryDeviceSpec, size: KiB): {readonly label?: KiB} {
  const given = parseMemory("./label/size", label);
  if (given > 0 && given < LEAST_LABEL) fail("VIR_ERR_XML_ERROR", "nvdimm label must be at least 128KiB");
  if (given >= size) fail("VIR_ERR_XML_ERROR", "label size must be smaller than NVDIMM size");
  return given > 0 ? {label: given} : {};
}

/** A `<memory model=>` device; sizes KiB, rounded up (virDomainMemoryDefParseXML). */
export function parseMemoryDevice(given: MemoryDeviceSpec): MemoryDevice {
  const model = word(DEVICE_MODELS, given.model, "model", "memory");
  const node = parseNode(given.node);
  const size = parseMemory("./size", given.size, true);
  const resizable = model === "virtio-mem";
  return {
    model,
    size,
    node,
    block: resizable ? parseMemory("./block", given.block) : kib(0),
    requested: resizable ? parseMemory("./requested", given.requested) : kib(0),
    ...(model === "nvdimm" ? parseLabel(given, size) : {})
  };
}
