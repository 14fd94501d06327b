import type {ConfigFormat} from "./reading.ts";

/** A configuration, or what a tool printed. */
export type TextFormat = ConfigFormat | ToolFormat;
export type ToolFormat = "dommemstat" | "dominfo" | "free" | "meminfo" | "xl-list" | "cgroup";

/** How much of a text is looked at. */
const HEAD = 65536;

interface Rule {
  readonly format: TextFormat;
  readonly test: (text: string, name: string) => boolean;
}

const RULES: readonly Rule[] = [
  {format: "libvirt", test: (text) => /^[\uFEFF\s]*</.test(text)},
  {format: "meminfo", test: (text) => /^MemTotal:\s+\d+ kB/m.test(text)},
  {format: "free", test: (text) => /^[ \t]*total[ \t]+used[ \t]+free/m.test(text) && /^Mem:/m.test(text)},
  {format: "dominfo", test: (text) => /^Max memory:\s+\d+ KiB/m.test(text)},
  {format: "dommemstat", test: (text) => /^(actual|rss|swap_in|unused|available|usable|last_update) \d+\s*$/m.test(text)},
  {format: "xl-list", test: (text) => /^Name\s+ID\s+Mem\s+VCPUs/m.test(text)},
  {format: "cgroup", test: (text, name) => /(^|[\s/])memory\.(max|high|low|min|current|swap\.max|swap\.current|limit_in_bytes|usage_in_bytes|soft_limit_in_bytes|memsw\.limit_in_bytes|stat)\b/m.test(text) || /^memory\.[a-z_.]+$/.test(name)},
  {format: "vmx", test: (text) => /^[ \t]*(memsize|config\.version|virtualhw\.version|sched\.mem\.\w+|displayname|guestos)[ \t]*=/im.test(text)},
  {format: "xl", test: (text) => /^[ \t]*(name|memory|maxmem|builder|vcpus|type|disk|kernel|bootloader|vif)[ \t]*=[ \t]*["'[\d]/m.test(text)},
  {format: "qemu", test: (text) => /(^|[\s/'"])qemu(-system-\w+|-kvm)?(?=[\s'"]|$)/.test(text) || /(^|\s)--?(m|machine|M|object|device|smp)\s+\S/.test(text)},
  {format: "xl", test: (text) => /^[ \t]*[A-Za-z_]\w*[ \t]*=/m.test(text)}
];

const EXTENSIONS: Readonly<Record<string, TextFormat>> = {xml: "libvirt", vmx: "vmx", args: "qemu", cfg: "xl"};

/**
 * What a text is, by what is in it, and by the file's name where that does not tell; null for neither.
 * @param name the file's name without folders, or "".
 */
export function detectFormat(text: string, name = ""): TextFormat | null {
  const head = text.slice(0, HEAD);
  const found = RULES.find(({test}) => test(head, name));
  if (found) return found.format;
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return EXTENSIONS[extension] ?? null;
}
