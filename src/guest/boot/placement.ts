import {mappingOrder} from "./direct-map.ts";
import type {Range} from "./memblock.ts";

const MIB = 2 ** 20;
/** Where the image stays without randomisation, and its alignment (CONFIG_PHYSICAL_START, CONFIG_PHYSICAL_ALIGN). */
const FIXED = 16 * MIB;
const ALIGN = 2 * MIB;

const slots = (range: Range, size: number): number => Math.max(0, Math.floor((range.end - range.start - size) / ALIGN) + 1);

/** The stretches of RAM an image fits into, each mapped in one piece, with how many places it has there. */
export function imageStretches(ram: readonly Range[], imageBytes: number): {readonly range: Range; readonly places: number}[] {
  return mappingOrder(ram).map((range) => ({range, places: slots(range, imageBytes)})).filter(({places}) => places > 0);
}

/**
 * Where the kernel image lies. Every start picks a place at random among all
 * that fit (arch/x86/boot/compressed/kaslr.c); the model takes the middle of the
 * stretch of RAM it most often falls into, so that its answer is the most
 * frequent one. With `nokaslr` it is 16 MiB.
 */
export function imageAddress(ram: readonly Range[], imageBytes: number, randomised: boolean): number {
  if (!randomised) return FIXED;
  const best = imageStretches(ram, imageBytes).reduce((a, b) => (b.places > a.places ? b : a), {range: {start: FIXED, end: FIXED + imageBytes}, places: 0}).range;
  const middle = best.start + (best.end - best.start - imageBytes) / 2;
  return Math.max(FIXED, Math.floor(middle / ALIGN) * ALIGN);
}
