import {amount, between, oneOf} from "../../input.ts";
import {sourced, type Source} from "../../source.ts";
import {esxVersions, type EsxVersion} from "./versions.ts";

/** A column of a table: configured MB and the overhead in MB, for a number of processors. */
export interface OverheadColumn {
  readonly vcpus: number;
  readonly points: readonly (readonly [configured: number, overhead: number])[];
}

const table = (text: string, place: string, version: string): Source => ({text, place, version, grade: "read"});

/** vSphere 4.0, one processor. */
export const OVERHEAD_40 = sourced<readonly OverheadColumn[]>(
  [{vcpus: 1, points: [[256, 113.17], [1024, 123.73], [4096, 165.98], [16384, 334.96], [65536, 1011.21]]}],
  table("overhead of a machine with one processor", "Resource Management Guide, table 3-2", "vSphere 4.0")
);

/** vSphere 6.x, one to eight processors. */
export const OVERHEAD_60 = sourced<readonly OverheadColumn[]>(
  [
    {vcpus: 1, points: [[256, 20.29], [1024, 25.9], [4096, 48.64], [16384, 139.62]]},
    {vcpus: 2, points: [[256, 24.28], [1024, 29.91], [4096, 52.72], [16384, 143.98]]},
    {vcpus: 4, points: [[256, 32.23], [1024, 37.86], [4096, 60.67], [16384, 151.93]]},
    {vcpus: 8, points: [[256, 48.16], [1024, 53.82], [4096, 76.78], [16384, 168.6]]}
  ],
  table("overhead by size and processors", "Resource Management Guide, table 6-1", "vSphere 6.5 and 6.7")
);

/** ESX Server 2: MB for one and two processors, and what each further GB beyond 512 MB adds. */
export const OVERHEAD_2 = sourced({one: 54, two: 64, perGb: 32, from: 512}, table("54 MB, or 64 with two processors, and 32 MB a GB above 512 MB", "Administration Guide, pages 405 and 425", "ESX Server 2"));

/** On the line through the two points around x; beyond the last one on. */
function interpolate(points: OverheadColumn["points"], x: number): number {
  const above = points.findIndex(([at]) => at >= x);
  const right = above <= 0 ? (above === 0 ? 0 : points.length - 1) : above;
  const [x1, y1] = points[right] ?? [0, 0];
  const [x0, y0] = points[right - 1] ?? [x1, y1];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

function fromTable(columns: readonly OverheadColumn[], memory: number, vcpus: number): number {
  const above = columns.findIndex((column) => column.vcpus >= vcpus);
  const right = columns[above < 0 ? columns.length - 1 : above];
  const left = columns[above < 0 ? columns.length - 2 : above - 1] ?? right;
  if (right === undefined || left === undefined) return 0;
  const [low, high] = [interpolate(left.points, memory), interpolate(right.points, memory)];
  return left.vcpus === right.vcpus ? high : low + ((high - low) * (vcpus - left.vcpus)) / (right.vcpus - left.vcpus);
}

/**
 * Host memory reserved for a machine beside its own, MB: exact at the points of the vendor's tables,
 * on a straight line between and beyond them; below the smallest size, that size's.
 * Of 4.1 and 5.0 no table was read: 4.0's stands in. A table for one processor serves all.
 * @param memory configured size, MB.
 * @param vcpus 1 or more.
 * @throws ModelError `out-of-range`.
 */
export function overhead(version: EsxVersion, memory: number, vcpus: number): number {
  oneOf(version, esxVersions, "version");
  amount(memory, "memory");
  between(vcpus, 1, Number.MAX_SAFE_INTEGER, "vcpus");
  if (version === "6.0") return fromTable(OVERHEAD_60.value, memory, vcpus);
  if (version !== "2002") return fromTable(OVERHEAD_40.value, memory, 1);
  const {one, two, perGb, from} = OVERHEAD_2.value;
  return (vcpus > 1 ? two : one) + (perGb * Math.max(0, memory - from)) / 1024;
}
