import {kib, type KiB} from "../../units.ts";
import {parseUint32} from "./c-integer.ts";
import {fail} from "./error.ts";
import {parseMemory} from "./memory-text.ts";
import type {NumaCellSpec} from "./spec.ts";

/** Processors libvirt can name at all (VIR_DOMAIN_CPUMASK_LEN of 9.0.0 src/conf/domain_conf.h). */
const CPUMASK_LEN = 16384;

/** Adds or takes out the processors of one item of a list: `3`, `0-2`, `^1`. */
function applyItem(cpus: Set<number>, item: string): boolean {
  const found = /^(\^?)(\d+)\s*(?:-\s*(\d+))?\s*$/.exec(item);
  if (!found) return false;
  const [, minus, first = "", last] = found;
  if (minus === "^") return last === undefined && (cpus.delete(Number(first)), true);
  const [from, to] = [Number(first), Number(last ?? first)];
  if (to < from || to >= CPUMASK_LEN) return false;
  for (let cpu = from; cpu <= to; cpu++) cpus.add(cpu);
  return true;
}

/**
 * A list of processors such as `0-3,^2`.
 * @throws LibvirtFailure INVALID_ARG (libvirt 9.0.0 src/util/virbitmap.c virBitmapParseInternal).
 */
export function parseCpuList(text: string): ReadonlySet<number> {
  const cpus = new Set<number>();
  const items = text.trimStart().split(/,\s*/);
  // A comma at the very end is read as a separator with nothing after it.
  if (items.length > 1 && items.at(-1) === "") items.pop();
  if (!items.every((item) => applyItem(cpus, item))) fail("VIR_ERR_INVALID_ARG", `Failed to parse bitmap '${text}'`);
  return cpus;
}

interface Cell {
  readonly memory: KiB;
  readonly cpus: ReadonlySet<number>;
}

function cellNumber(cell: NumaCellSpec, position: number, count: number): number {
  const text = cell.id;
  if (text === undefined || text === null) return position;
  const id = parseUint32(text);
  if (id === null) fail("VIR_ERR_XML_ERROR", `Invalid value for attribute 'id' in element 'cell': '${text}'. Expected non-negative integer value`);
  if (id >= count) {
    fail("VIR_ERR_XML_ERROR", "Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not starting from 0 are not allowed");
  }
  return id;
}

function checkOverlap(cells: readonly (Cell | undefined)[], id: number, cpus: ReadonlySet<number>): void {
  cells.forEach((other, j) => {
    if (other && [...cpus].some((cpu) => other.cpus.has(cpu))) fail("VIR_ERR_CONFIG_UNSUPPORTED", `NUMA cells ${id} and ${j} have overlapping vCPU ids`);
  });
}

function checkCount(cells: readonly Cell[], vcpus: number): void {
  const total = cells.reduce((sum, {cpus}) => sum + cpus.size, 0);
  if (total > vcpus) fail("VIR_ERR_INTERNAL_ERROR", "Number of CPUs in <numa> exceeds the <vcpu> count");
  const highest = cells.reduce((top, {cpus}) => [...cpus].reduce((a, b) => Math.max(a, b), top), 0);
  if (highest >= vcpus) fail("VIR_ERR_INTERNAL_ERROR", "CPU IDs in <numa> exceed the <vcpu> count");
}

/**
 * Memory of each guest NUMA cell in KiB, by id.
 * @throws LibvirtFailure in the order of libvirt 9.0.0 src/conf/numa_conf.c virDomainNumaDefParseXML.
 */
export function parseNuma(given: readonly NumaCellSpec[] | null | undefined, vcpus: number): readonly KiB[] {
  if (!given) return [];
  if (given.length === 0) fail("VIR_ERR_XML_ERROR", "NUMA topology defined without NUMA cells");
  const cells: Cell[] = [];
  given.forEach((cell, position) => {
    const id = cellNumber(cell, position, given.length);
    if (cells[id] && cells[id].memory > 0) fail("VIR_ERR_XML_ERROR", `Duplicate NUMA cell info for cell id '${id}'`);
    const cpus = cell.cpus ? parseCpuList(cell.cpus) : new Set<number>();
    checkOverlap(cells.filter((_, j) => j !== id), id, cpus);
    cells[id] = {cpus, memory: parseMemory("./@memory", cell.memory, true)};
  });
  const all = given.map((_, id) => cells[id] ?? {cpus: new Set<number>(), memory: kib(0)});
  checkCount(all, vcpus);
  return all.map(({memory}) => memory);
}
