import {ModelError} from "../../errors.ts";

/** The kernel parameters that change what memory there is at boot. */
export interface BootParameters {
  /** `mem=`: usable RAM ends here, bytes; null without it. */
  readonly memoryLimit: number | null;
  /** `nokaslr`: the kernel stays at 16 MiB and the direct map at its fixed base. */
  readonly randomised: boolean;
  /** `swiotlb=`: slots of 2 KiB; null for the default of 64 MiB. */
  readonly bounceSlots: number | null;
  /** `swiotlb=force`, `noforce`, or decided by the memory map. */
  readonly bounce: "auto" | "always" | "never";
}

function parseSize(text: string): number {
  if (/^\d+[KMGT]?$/i.test(text)) return parseInt(text, 10) * 1024 ** ("KMGT".indexOf(text.slice(-1).toUpperCase()) + 1);
  throw new ModelError(`invalid mem=: ${text}`, {
    code: "invalid-kernel-parameter",
    path: "kernel.commandLine",
    expected: "mem=<number>[K|M|G|T]",
    hint: "give the end of usable memory as the kernel takes it"
  });
}

/** Slots are rounded up to whole segments (Linux 6.1 kernel/dma/swiotlb.c setup_io_tlb_npages, IO_TLB_SEGSIZE). */
const SEGMENT = 128;

function bounceOf(values: readonly string[]): Pick<BootParameters, "bounce" | "bounceSlots"> {
  const words = values.flatMap((value) => value.split(","));
  const slots = words.find((word) => /^\d+$/.test(word));
  const never = words.includes("noforce") || words.includes("iommu-off");
  return {
    bounceSlots: slots === undefined ? null : Math.ceil(Number(slots) / SEGMENT) * SEGMENT,
    bounce: never ? "never" : words.includes("force") ? "always" : "auto"
  };
}

/**
 * Reads a kernel command line; unknown parameters change nothing.
 * @throws ModelError `invalid-kernel-parameter` for a `mem=` that is no size.
 */
export function parseCommandLine(commandLine: string): BootParameters {
  const words = commandLine.split(/\s+/);
  const values = (name: string): string[] => words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1));
  const limit = values("mem").at(-1);
  const noIommu = values("iommu").includes("off") ? ["iommu-off"] : [];
  return {
    memoryLimit: limit === undefined ? null : parseSize(limit),
    randomised: !words.includes("nokaslr"),
    ...bounceOf([...values("swiotlb"), ...noIommu])
  };
}
