import type {MemoryMap} from "../../../src/domain/memory-map/types.ts";
import {xenMemoryMap} from "../../../src/domain/memory-map/xen-map.ts";
import type {XenMachine} from "../../../src/domain/xen/machine.ts";
import {kib, mib, mibToKib} from "../../../src/units.ts";
import {AddressMap, type AddressRow} from "../figure/address-map.tsx";
import {formatMib, group} from "../figure/format.ts";
import {domainOf} from "../model/xen-fv.ts";
import {machineOf} from "../model/xen-events.ts";
import type {FigureDef} from "./page.ts";
import type {Computed} from "./xen-fv-case.ts";

const GIB = 2 ** 30;

/** Large enough that every type has RAM above 4 GiB, MiB. */
const LARGE = 6144;

/** The page's domain as each type would have it: the same RAM, three maps. */
function machines(params: Computed["setting"]["params"]): readonly (readonly [string, XenMachine])[] {
  const {configured = 2048, memory = 1024} = params;
  const pv = machineOf({type: "pv", memory: mibToKib(mib(Math.min(memory, configured))), maxmem: mibToKib(mib(configured))});
  return [["PV", pv], ["PVH", domainOf({...params, type: 0})], ["HVM", domainOf({...params, type: 1})]];
}

/** Kept a drag long: the maps do not depend on anything but the domain. */
const known = new WeakMap<XenMachine, MemoryMap>();

function mapOf(machine: XenMachine): MemoryMap {
  const map = known.get(machine) ?? xenMemoryMap(machine);
  known.set(machine, map);
  return map;
}

interface Group {
  readonly configured: number;
  readonly maps: readonly (readonly [string, MemoryMap])[];
}

/** The maps at the page's maximum, and those of a large guest below them. */
const groups = ({setting: {params}}: Computed): readonly Group[] =>
  [params["configured"] ?? 2048, LARGE].map((configured) => ({configured, maps: machines({...params, configured}).map(([label, machine]) => [label, mapOf(machine)])}));

const drawn = ([label, map]: readonly [string, MemoryMap]): AddressRow => ({
  key: label,
  label,
  ranges: map.e820.map(({start, end, type}) => ({start: start / GIB, end: (end + 1) / GIB, ram: type === "usable"})),
  end: endOf(map) / GIB
});

const endOf = ({e820}: MemoryMap): number => Math.max(...e820.filter(({type}) => type === "usable").map(({end}) => end + 1));

const size = (bytes: number): string => formatMib(kib(Math.floor(bytes / 1024)));

const told = ([label, map]: readonly [string, MemoryMap]): string =>
  map.split.above4g > 0 && endOf(map) > 4 * GIB && label !== "PV" ? `${label}: ${size(map.split.below4g)} below 4 GiB and ${size(map.split.above4g)} above it` : `${label}: RAM up to ${size(endOf(map))}`;

/** Where the RAM of the same maxmem lies. */
export const map: FigureDef<Computed> = {
  title: "The map each type gets",
  responsive: false,
  describe: (c) => `The guest's map by type. ${groups(c).map(({configured, maps}) => `With ${group(configured)} MiB: ${maps.map(told).join("; ")}.`).join(" ")}`,
  render: (c) => <AddressMap title={map.describe(c)} groups={groups(c).map(({configured, maps}) => ({title: `maxmem ${group(configured)} MiB`, rows: maps.map(drawn)}))} />,
  moments: (c) => table(c),
  data: (c) => table(c)
};

const hex = (value: number): string => `0x${value.toString(16)}`;

const table = (c: Computed): {columns: readonly string[]; rows: readonly (readonly (number | string)[])[]} => ({
  columns: ["maxmem (MiB)", "type", "from", "to", "what", "size (KiB)"],
  rows: groups(c).flatMap(({configured, maps}) => maps.flatMap(([label, {e820}]) => e820.map(({start, end, type}) => [configured, label, hex(start), hex(end), type, (end + 1 - start) / 1024])))
});
