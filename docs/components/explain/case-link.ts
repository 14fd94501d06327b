import type {Explanation} from "../../../src/explain/types.ts";
import {params as cgroupParams, events as cgroupEvents} from "../model/cgroups.ts";
import {params as esxParams, events as esxEvents} from "../model/esx.ts";
import {params as qemuParams, events as qemuEvents} from "../model/qemu.ts";
import {params as xenFvParams, events as xenFvEvents} from "../model/xen-fv.ts";
import {params as xenPvParams, events as xenPvEvents} from "../model/xen.ts";
import {isX86} from "./live.ts";
import type {PageEvent} from "../state/events.ts";
import {encode} from "../state/link.ts";
import {initialState, type PageSpec} from "../state/page-state.ts";
import {inRange, snap} from "../state/params.ts";

/** A case page, brought to the pasted machine where it can be. */
export interface CaseLink {
  readonly page: string;
  readonly name: string;
  readonly href: string;
  /** What of the machine the page cannot take, in words; "" when it is exactly this machine. */
  readonly differs: string;
}

interface Wanted {
  readonly page: string;
  readonly name: string;
  readonly spec: PageSpec;
  readonly params: Readonly<Record<string, number>>;
  readonly events: readonly PageEvent[];
  /** What the page cannot have of it, in words. */
  readonly without?: readonly string[];
}

const FIGURE = "the-same-pages-seen-twice";
const mib = (size: number): number => size / 1024;
const event = (type: string, at: number, value = 0): PageEvent => ({type, at, value});
type Known = Explanation & {readonly domain: NonNullable<Explanation["domain"]>; readonly started: NonNullable<Explanation["started"]>};

/** What the pages on QEMU leave out whatever the sizes are. */
function otherwise({started: {board, devices}}: Known): readonly string[] {
  const isPc = board === null || board === "pc" || board.startsWith("pc-i440fx");
  return [...(isPc ? [] : [`machine type pc instead of ${board.slice(0, 30)}`]), ...(devices.length === 0 ? [] : ["no memory devices"])];
}

function qemu(known: Known): readonly Wanted[] {
  const {domain, started} = known;
  const without = otherwise(known);
  const {balloon, memtune} = domain;
  const configured = mib(started.initialMemory);
  const target = mib(Math.min(started.currentMemory, started.initialMemory));
  const hasDevice = balloon.model !== "none";
  const plain: Wanted = {
    page: "qemu-kvm",
    name: "QEMU and KVM, in motion",
    spec: {params: qemuParams, events: qemuEvents},
    without,
    params: {configured, target, device: hasDevice ? 1 : 0, deflate: balloon.autodeflate ? 1 : 0, reporting: balloon.freePageReporting ? 1 : 0, time: 12},
    events: [...(hasDevice ? [event("load-driver", 2)] : []), ...(target < configured ? [event("target", 3)] : [])]
  };
  const limit = memtune.hardLimit ?? memtune.softLimit;
  if (limit === null) return [plain];
  const capped: Wanted = {
    page: "cgroups",
    name: "KVM with a cap, in motion",
    spec: {params: cgroupParams, events: cgroupEvents},
    without,
    params: {configured, target, cap: mib(limit), kind: memtune.hardLimit === null ? 1 : 0, deflate: balloon.autodeflate ? 1 : 0, time: 13},
    events: [...(hasDevice ? [event("load-driver", 0.4)] : []), event("allocate", 4.1, Math.max(1, Math.floor(Math.min(target * 0.7, 2048))))]
  };
  return [capped, {...plain, without: [...without, "no limit on the host"]}];
}

function xen({started}: Known): readonly Wanted[] {
  const sizes = {configured: mib(started.memory), memory: mib(started.currentMemory), target: mib(started.currentMemory)};
  const events = [event("half", 12), event("all-back", 25)];
  if (started.guestType === "pv") return [{page: "xen-pv", name: "Xen PV, in motion", spec: {params: xenPvParams, events: xenPvEvents}, params: {...sizes, time: 20}, events}];
  return [{page: "xen-fv", name: "Xen PVH and HVM, in motion", spec: {params: xenFvParams, events: xenFvEvents}, params: {...sizes, type: started.guestType === "hvm" ? 1 : 0, time: 3}, events}];
}

function esx({started: {memory, hostCap}}: Known): readonly Wanted[] {
  const limited = hostCap !== null;
  return [{
    page: "esx",
    name: "ESX, in motion",
    spec: {params: esxParams, events: esxEvents},
    params: {configured: mib(memory), ...(limited ? {limit: mib(hostCap)} : {}), time: limited ? 45 : 19},
    events: [event("allocate", 4, Math.max(4, Math.floor(Math.min(mib(memory) * 0.7, 4096)))), ...(limited ? [event("limit", 20)] : [])]
  }];
}

/** The nearest state that the page has, and what of the wanted one it is not. */
function linkOf({page, name, spec, params, events, without = []}: Wanted): CaseLink {
  const initial = initialState(spec);
  const taken: Record<string, number> = {...initial.params};
  const differs: string[] = [...without];
  for (const [key, value] of Object.entries(params)) {
    const param = spec.params.find((one) => one.name === key);
    if (param === undefined) continue;
    const nearest = "options" in param ? value : Math.min(param.max, Math.max(param.min, value));
    taken[key] = snap(param, nearest);
    if (!inRange(param, value) || taken[key] !== value) differs.push(`${param.label} ${taken[key]} instead of ${Math.round(value * 10) / 10} MiB`);
  }
  return {page, name, href: `./${page}.html${encode(spec, {...initial, params: taken, events}, FIGURE)}`, differs: differs.join(", ")};
}

/** Pages that show this machine in motion, the closest first; none for a tool's output and a container. */
export function caseLinks(explanation: Explanation): readonly CaseLink[] {
  const {domain, started} = explanation;
  if (!domain || !started || !isX86(domain.arch)) return [];
  const known: Known = {...explanation, domain, started};
  if (started.driver === "qemu") return qemu(known).map(linkOf);
  if (started.driver === "xen") return xen(known).map(linkOf);
  return started.driver === "esx" ? esx(known).map(linkOf) : [];
}
