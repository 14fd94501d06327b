import {parseUint32} from "../libvirt/c-integer.ts";
import type {BalloonSpec, DomainSpec, MemoryDeviceSpec, NumaCellSpec, ScaledText} from "../libvirt/spec.ts";
import {mentionsOf, WINDOWS} from "./domain-xml-mentions.ts";
import type {Span} from "./place.ts";
import {UnreadableError, type Mention, type Reading, type ReadProblem} from "./reading.ts";
import {all, at, first, parseXml, type XmlElement} from "./xml.ts";

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
  const label = at(target, "label", "size");
  return {
    model: element.attributes["model"] ?? "",
    size: scaled(first(target, "size")),
    node: first(target, "node")?.text ?? null,
    block: scaled(first(target, "block")),
    requested: scaled(first(target, "requested")),
    ...(label ? {label: scaled(label)} : {})
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
  const numa = at(elements, "cpu", "numa");
  const devices = first(elements, "devices")?.children ?? [];
  const balloons = all(devices, "memballoon").map(balloonSpec);
  const memoryDevices = all(devices, "memory").map(deviceSpec);
  return present({
    name: first(elements, "name")?.text,
    uuid: first(elements, "uuid")?.text,
    vcpus: parseUint32(first(elements, "vcpu")?.text.trim() ?? ""),
    arch: at(elements, "os", "type")?.attributes["arch"],
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

/** Children of `<domain>` that say something about memory, by their own and their children's names; null: all below. */
const WANTED: Readonly<Record<string, readonly string[] | null>> = {
  name: null,
  uuid: null,
  memory: null,
  currentMemory: null,
  maxMemory: null,
  memtune: null,
  memoryBacking: null,
  numatune: null,
  vcpu: null,
  os: null,
  bootloader: null,
  cpu: ["numa"],
  features: null,
  launchSecurity: null,
  devices: ["memballoon", "memory", "hostdev", "interface", "emulator", "video"],
  "qemu:commandline": null,
  "xen:commandline": null
};

/** Where in a path the domain is: libvirt's status files and snapshots hold one deeper down. */
function isWanted(path: readonly string[]): boolean {
  const domain = path.indexOf("domain");
  if (domain < 0) return true;
  const [child, grandchild] = path.slice(domain + 1);
  if (child === undefined) return true;
  if (!Object.hasOwn(WANTED, child)) return false;
  return grandchild === undefined || (WANTED[child]?.includes(grandchild) ?? true);
}

function findDomain(elements: readonly XmlElement[]): XmlElement | undefined {
  const here = first(elements, "domain");
  if (here) return here;
  for (const {children} of elements) {
    const below = findDomain(children);
    if (below) return below;
  }
  return undefined;
}

/**
 * The `<domain>` of a document: the root, or the first one inside of a status file or a snapshot.
 * @throws UnreadableError `malformed-xml`, `too-deep`, `too-many-elements`, or `not-a-domain` when there is none.
 */
function domainOf(xml: string): XmlElement {
  const elements = parseXml(xml, {keep: isWanted});
  const domain = findDomain(elements);
  if (domain) return domain;
  const [root] = elements;
  throw new UnreadableError(`no domain in this XML: its root is <${root?.name ?? ""}>`, root?.tag ?? {start: 0, end: 0}, {
    code: "not-a-domain",
    expected: "a <domain> element",
    hint: "give the whole domain definition"
  });
}

function typed(domain: XmlElement): DomainSpec {
  const type = domain.attributes["type"];
  return {...specOfElements(domain.children), ...(type === undefined ? {} : {type})};
}

/**
 * Reads a whole `<domain>`.
 * @throws UnreadableError as `readDomainXml`
 */
export const parseDomainXml = (xml: string): DomainSpec => typed(domainOf(xml));

/** The stretch between the tags, or the whole element when it is empty. */
function contentSpan({tag, span, text}: XmlElement): Span {
  return text.trim() === "" ? span : {start: tag.end, end: tag.end + text.length};
}

const SIMPLE = ["name", "memory", "currentMemory", "maxMemory", "memtune", "vcpu", "memoryBacking"] as const;
const LIMITS = ["hard_limit", "soft_limit", "min_guarantee", "swap_hard_limit"] as const;

function spansOf(domain: XmlElement): ReadonlyMap<string, Span> {
  const {children} = domain;
  const spans = new Map<string, Span>([["domain", domain.tag]]);
  const put = (key: string, element: XmlElement | undefined): void => {
    if (element) spans.set(key, element.span).set(`${key}/content`, contentSpan(element));
  };
  for (const name of SIMPLE) put(name, first(children, name));
  for (const name of LIMITS) put(name, at(children, "memtune", name));
  put("balloon", at(children, "devices", "memballoon"));
  put("numa", at(children, "cpu", "numa"));
  put("os", at(children, "os", "type"));
  all(at(children, "cpu", "numa")?.children ?? [], "cell").forEach((cell, i) => put(`numa[${i}]`, cell));
  all(first(children, "devices")?.children ?? [], "memory").forEach((device, i) => {
    put(`devices[${i}]`, device);
    for (const field of ["size", "block", "requested", "current"]) put(`devices[${i}]/${field}`, at(device.children, "target", field));
  });
  return spans;
}

/** Elements libvirt takes only the first of. */
function repeated(domain: XmlElement): readonly ReadProblem[] {
  return ["memory", "currentMemory", "maxMemory", "memtune"].flatMap((name) =>
    all(domain.children, name)
      .slice(1)
      .map(({span}) => ({severity: "warning" as const, code: "repeated", message: `libvirt reads the first <${name}> only`, span}))
  );
}

function xenTypeOf(domain: XmlElement): Reading["xenType"] {
  if (domain.attributes["type"] !== "xen") return null;
  const type = at(domain.children, "os", "type");
  if (type?.attributes["machine"] === "xenpvh" || type?.text === "xenpvh") return "pvh";
  return type?.text === "hvm" ? "hvm" : "pv";
}

function windowsMention(xml: string): readonly Mention[] {
  const found = WINDOWS.exec(xml);
  return found ? [{what: "windows", span: {start: found.index, end: found.index + found[0].length}, detail: found[0]}] : [];
}

/**
 * Reads a whole domain definition and remembers where everything stands.
 * @throws UnreadableError `malformed-xml`, `too-deep`, `too-many-elements`, `not-a-domain`
 */
export function readDomainXml(xml: string): Reading {
  const domain = domainOf(xml);
  return {
    format: "libvirt",
    spec: typed(domain),
    spans: spansOf(domain),
    mentions: [...mentionsOf(domain), ...windowsMention(xml)],
    problems: repeated(domain),
    values: new Map(),
    machine: at(domain.children, "os", "type")?.attributes["machine"] ?? null,
    xenType: xenTypeOf(domain)
  };
}
