import {sourced, type Sourced} from "../../source.ts";

/** Pages of a zone that the allocator keeps back; below `low` reclaim starts, at `high` it stops. */
export interface Watermarks {
  readonly min: number;
  readonly low: number;
  readonly high: number;
}

const KIB_PER_PAGE = 4;
const PAGEBLOCK = 512;
const place = "mm/page_alloc.c __setup_per_zone_wmarks, calculate_min_free_kbytes; mm/khugepaged.c set_recommended_min_free_kbytes";
const version = "Linux 6.1.192";

/** vm.watermark_scale_factor: the distance between watermarks in 1/10000 of the zone, when that is more than min/4. */
export const WATERMARK_SCALE: Sourced<number> = sourced(10, {text: "0.1 % of the zone", place, version, grade: "read"});
/** Below this much memory transparent huge pages start switched off, and ask for no free pages (mm/huge_memory.c hugepage_init). */
export const HUGE_PAGES_FROM: Sourced<number> = sourced(512 * 256, {text: "512 MiB of memory, in pages", place: "mm/huge_memory.c hugepage_init", version, grade: "read"});

/** vm.min_free_kbytes before huge pages raise it: 4 x sqrt(KiB), from 128 to 262144. */
const plainMinFree = (pages: number): number => Math.min(Math.max(Math.floor(Math.sqrt(pages * KIB_PER_PAGE * 16)), 128), 262144);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function shareOf(minFree: number, pages: number, total: number): Watermarks {
  const min = Math.floor((Math.floor(minFree / KIB_PER_PAGE) * pages) / total);
  const distance = Math.max(Math.floor(min / 4), Math.floor((pages * WATERMARK_SCALE.value) / 10000));
  return {min, low: min + distance, high: min + 2 * distance};
}

/** Each zone's share of min_free_kbytes by its managed pages, and the marks above it. */
function share(minFree: number, managed: readonly number[]): Watermarks[] {
  const total = sum(managed);
  return managed.map((pages) => shareOf(minFree, pages, total));
}

/** What huge pages want free: two pageblocks a zone, and one for each pair of three kinds of pages; at most 5 % of what lies above the high marks. */
function hugePagesMinFree(managed: readonly number[], plain: number): number {
  const wanted = PAGEBLOCK * managed.length * (2 + 3 * 3);
  const above = sum(managed) - sum(share(plain, managed).map(({high}) => high));
  return Math.min(wanted, Math.floor(above / 20)) * KIB_PER_PAGE;
}

/**
 * vm.min_free_kbytes, KiB, as set once when the kernel's parts start.
 * @param managed pages of each zone at that time: before init memory and the initramfs are given back.
 * @param hugePages false where the processor has none to offer: a paravirtual Xen guest.
 */
export function minFreeKib(managed: readonly number[], hugePages = true): number {
  const plain = plainMinFree(sum(managed));
  return !hugePages || sum(managed) < HUGE_PAGES_FROM.value ? plain : Math.max(plain, hugePagesMinFree(managed, plain));
}

/** The zones with their watermarks; see `minFreeKib` for `managed`. */
export function withWatermarks<T>(zones: readonly T[], managed: (zone: T) => number, hugePages = true): (T & Watermarks)[] {
  const minFree = minFreeKib(zones.map(managed), hugePages);
  const total = sum(zones.map(managed));
  return zones.map((zone) => ({...zone, ...shareOf(minFree, managed(zone), total)}));
}
