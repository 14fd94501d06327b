import {sourced, type Sourced} from "../../source.ts";

const PAGE_SHIFT = 12;
/** Pages are counted in whole MiB before the table is sized. */
const PAGES_PER_MIB = 256;
/** From 64 GiB on, a table grows half as fast with each fourfold memory. */
const ADAPT_FROM_PAGES = 2 ** (36 - PAGE_SHIFT);

/** A hash table whose size follows memory: one bucket for every 2^scale bytes. */
export interface HashTable {
  readonly scale: number;
  readonly bucketBytes: number;
}

const place = "mm/page_alloc.c alloc_large_system_hash";
const version = "Linux 6.1.192";

/** The directory-entry cache's table (fs/dcache.c dcache_init_early). */
export const DENTRY_TABLE: Sourced<HashTable> = sourced({scale: 13, bucketBytes: 8}, {text: "one 8-byte bucket for every 8 KiB", place, version, grade: "read"});
/** The inode cache's table (fs/inode.c inode_init_early). */
export const INODE_TABLE: Sourced<HashTable> = sourced({scale: 14, bucketBytes: 8}, {text: "one 8-byte bucket for every 16 KiB", place, version, grade: "read"});

function adaptedScale(scale: number, pages: number): number {
  let result = scale;
  for (let limit = ADAPT_FROM_PAGES; limit < pages; limit *= 4) result += 1;
  return result;
}

/**
 * Bytes of a table on a machine with `kernelPages` pages of RAM that are not page
 * structures. A power of two buckets, at least a page.
 * Source: Linux 6.1 mm/page_alloc.c alloc_large_system_hash.
 */
export function hashTableBytes(table: HashTable, kernelPages: number): number {
  const pages = Math.ceil(kernelPages / PAGES_PER_MIB) * PAGES_PER_MIB;
  const entries = Math.floor(pages / 2 ** (adaptedScale(table.scale, pages) - PAGE_SHIFT));
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(entries, 1)));
  return Math.max(buckets * table.bucketBytes, 2 ** PAGE_SHIFT);
}
