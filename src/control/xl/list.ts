import type {XlDomain} from "../libxl/types.ts";

const HEADER = "Name                                        ID   Mem VCPUs\tState\tTime(s)";

/** The column Mem: whole MiB of what the domain owns, cut down. */
export const memMiB = ({current}: Pick<XlDomain, "current">): number => Math.floor(current / 1024);

const line = (domain: XlDomain): string =>
  `${domain.name.padEnd(40)} ${String(domain.id).padStart(5)} ${String(memMiB(domain)).padStart(5)} ${String(domain.vcpus).padStart(5)}     ${domain.id === 0 ? "r-----" : "-b----"}  ${(domain.time ?? 0).toFixed(1).padStart(8)}`;

/** `xl list` (Xen tools/xl/xl_info.c list_domains, 4.17.5). */
export const listText = (domains: readonly XlDomain[]): string => [HEADER, ...domains.map(line)].join("\n");
