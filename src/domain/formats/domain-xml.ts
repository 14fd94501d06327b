import {ModelError} from "../../errors.ts";
import type {BalloonSpec, DomainSpec, MemoryDeviceSpec, NumaCellSpec, ScaledText} from "../libvirt/spec.ts";
import {all, first, parseFragment, type XmlElement} from "./xml.ts";

const scaled = (element: XmlElement | undefined): ScaledText | null => (element ? {text: element.text, unit: element.attributes["unit"] ?? null} : null);

function cellSpec(cell: XmlElement): NumaCellSpec {
  const memory = cell.attributes["memory"];
  return {
    id: cell.attributes["id"] ?? null,
    cpus: cell.attributes["cpus"] ?? null,
    memory: memory === undefined ? null : {text: memory, unit: cell.attributes["unit"] ?? null}
  };
}

function balloonSpec(element: XmlElement): BalloonSpec {
  const {model = null, autodeflate = null, freePageReporting = null} = element.attributes;
  return {model, autodeflate, freePageReporting, period: first(element.children, "stats")?.attributes["period"] ?? null};
}

function deviceSpec(element: XmlElement): MemoryDeviceSpec {
  const target = first(element.children, "target")?.children ?? [];
  return {
    model: element.attributes["model"] ?? "",
    size: scaled(first(target, "size")),
    node: first(target, "node")?.text ?? null,
    block: scaled(first(target, "block")),
    requested: scaled(first(target, "requested"))
  };
}

/** The fields of a domain's XML that are there, and no others, so that a fragment can add to a spec. */
function present(spec: Record<string, unknown>): Partial<DomainSpec> {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined && value !== null));
}

/**
 * What the children of `<domain>` say about memory; texts and units as written.
 * Elements that decide no memory number are passed over.
 */
export function specOfElements(elements: readonly XmlElement[]): Partial<DomainSpec> {
  const max = first(elements, "maxMemory");
  const tune = first(elements, "memtune")?.children ?? [];
  const numa = first(first(elements, "cpu")?.children ?? [], "numa");
  const devices = first(elements, "devices")?.children ?? [];
  const balloons = all(devices, "memballoon").map(balloonSpec);
  const memoryDevices = all(devices, "memory").map(deviceSpec);
  const vcpus = first(elements, "vcpu")?.text;
  return present({
    name: first(elements, "name")?.text,
    uuid: first(elements, "uuid")?.text,
    vcpus: vcpus === undefined ? undefined : Number(vcpus),
    arch: first(first(elements, "os")?.children ?? [], "type")?.attributes["arch"],
    memory: scaled(first(elements, "memory")),
    currentMemory: scaled(first(elements, "currentMemory")),
    maxMemory: max && {...scaled(max), slots: max.attributes["slots"] ?? null},
    hardLimit: scaled(first(tune, "hard_limit")),
    softLimit: scaled(first(tune, "soft_limit")),
    minGuarantee: scaled(first(tune, "min_guarantee")),
    swapHardLimit: scaled(first(tune, "swap_hard_limit")),
    numa: numa && all(numa.children, "cell").map(cellSpec),
    balloons: balloons.length > 0 ? balloons : undefined,
    memoryDevices: memoryDevices.length > 0 ? memoryDevices : undefined
  });
}

/**
 * Reads a whole `<domain>`.
 * @throws ModelError `malformed-xml`, or `not-a-domain` when the root is something else.
 */
export function parseDomainXml(xml: string): DomainSpec {
  const root = first(parseFragment(xml), "domain");
  if (!root) {
    throw new ModelError("missing domain", {code: "not-a-domain", path: "xml", expected: "a <domain> element", hint: "give the whole domain definition"});
  }
  const type = root.attributes["type"];
  return {...specOfElements(root.children), ...(type === undefined ? {} : {type})};
}
