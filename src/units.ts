/**
 * Branded units. A bare number never crosses a public boundary of the model: a
 * value says its unit in its type, so that KiB and MiB cannot be mixed up.
 */
export type Bytes = number & {readonly __unit: "B"};
export type KiB = number & {readonly __unit: "KiB"};
export type MiB = number & {readonly __unit: "MiB"};
/** Pages of 4096 bytes, the unit of the balloon protocols and of x86 Linux. */
export type Pages = number & {readonly __unit: "page"};
export type Seconds = number & {readonly __unit: "s"};

export const bytes = (n: number): Bytes => n as Bytes;
export const kib = (n: number): KiB => n as KiB;
export const mib = (n: number): MiB => n as MiB;
export const pages = (n: number): Pages => n as Pages;
export const seconds = (n: number): Seconds => n as Seconds;

export const KIB_PER_PAGE = 4;

export const mibToKib = (n: MiB): KiB => kib(n * 1024);
/** May be fractional; round where a tool rounds, and the way it does. */
export const kibToMib = (n: KiB): MiB => mib(n / 1024);
export const kibToBytes = (n: KiB): Bytes => bytes(n * 1024);
export const pagesToKib = (n: Pages): KiB => kib(n * KIB_PER_PAGE);
/** Whole pages that fit: what QEMU does with an odd target. */
export const kibToPagesDown = (n: KiB): Pages => pages(Math.floor(n / KIB_PER_PAGE));
