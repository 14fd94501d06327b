import type {RawValue} from "./reading.ts";

/** The parts of an option such as `-device virtio-balloon-pci,id=b0`, or of its JSON form. */
export interface QemuProperties {
  /** What stands first without a key: a driver, a type, a size. */
  readonly head: string;
  readonly facts: ReadonlyMap<string, string>;
  readonly raw: RawValue;
}

/** An option and its argument. */
export interface QemuOption {
  readonly name: string;
  readonly value: RawValue;
}

/** Options without an argument; after any other one the next word is its argument. */
const BARE = new Set(
  "S s h help version enable-kvm no-reboot no-shutdown no-acpi no-hpet no-user-config nodefaults nographic daemonize usb snapshot full-screen sdl curses localtime no-fd-bootchk rtc-td-hack win2k-hack mem-prealloc nodefconfig portrait singlestep xen-attach no-quit no-frame alt-grab ctrl-grab preconfig enable-fips only-migratable old-param semihosting show-cursor xen-domid-restrict no-kvm kvm".split(" ")
);

/** Words of a command line as options; QEMU takes one dash or two. */
export function qemuOptions(words: readonly RawValue[]): readonly QemuOption[] {
  const options: QemuOption[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word?.text.startsWith("-") || word.text === "-") continue;
    const name = word.text.replace(/^--?/, "");
    const next = words[i + 1];
    if (BARE.has(name) || !next) options.push({name, value: {text: "", span: word.span}});
    else {
      options.push({name, value: {text: next.text, span: {start: word.span.start, end: next.span.end}}});
      i += 1;
    }
  }
  return options;
}

/** Splits at commas; two commas in a row are one that is meant. */
function splitCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let i = 0; i < text.length; ) {
    const comma = text.indexOf(",", i);
    const end = comma < 0 ? text.length : comma;
    const isDouble = comma >= 0 && text[comma + 1] === ",";
    part += text.slice(i, end) + (isDouble ? "," : "");
    if (comma >= 0 && !isDouble) {
      parts.push(part);
      part = "";
    }
    i = isDouble ? end + 2 : end + 1;
  }
  return [...parts, part];
}

/** A JSON object's values as QEMU's key=value form has them; null when it is not one. */
function jsonFacts(text: string): ReadonlyMap<string, string> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
    const plain = (value: unknown): string => (typeof value === "boolean" ? (value ? "on" : "off") : typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value));
    return new Map(Object.entries(parsed).map(([key, value]) => [key, plain(value)]));
  } catch {
    return null;
  }
}

/**
 * Takes an argument apart: `head,key=value,…` or JSON, whose `driver` or
 * `qom-type` is the head. A key without a value is "on", as in QEMU.
 */
export function properties(raw: RawValue, headKey = "driver"): QemuProperties {
  if (raw.text.trimStart().startsWith("{")) {
    const facts = jsonFacts(raw.text) ?? new Map<string, string>();
    return {head: facts.get("driver") ?? facts.get("qom-type") ?? "", facts, raw};
  }
  const [front = "", ...rest] = splitCommas(raw.text);
  const facts = new Map<string, string>();
  const put = (part: string): void => {
    const at = part.indexOf("=");
    if (at < 0) facts.set(part, "on");
    else facts.set(part.slice(0, at), part.slice(at + 1));
  };
  for (const part of rest) put(part);
  if (front.includes("=")) put(front);
  const head = front.includes("=") ? (facts.get(headKey) ?? "") : front;
  return {head, facts, raw};
}

const SCALES: Readonly<Record<string, bigint>> = {b: 1n, k: 1024n, m: 1024n ** 2n, g: 1024n ** 3n, t: 1024n ** 4n, p: 1024n ** 5n, e: 1024n ** 6n};

/**
 * A size as QEMU reads one: digits, a fraction, one suffix b k m g t p e of base 1024, or 0x.
 * @param plain the scale of a number without a suffix: "m" for `-m` and `mem=`, "b" elsewhere.
 * @returns bytes, or null when QEMU would refuse it: below 0, or 2^64 and more.
 * Source: QEMU softmmu/vl.c parse_memory_options; util/cutils.c qemu_strtosz.
 */
export function qemuSize(text: string, plain: "m" | "b"): bigint | null {
  const found = /^(?:(0[xX][\da-fA-F]{1,16})|(\d{1,20})(?:\.(\d{0,18}))?)([bkmgtpeBKMGTPE]?)$/.exec(text.trim());
  if (!found) return null;
  const [, hex, whole = "0", fraction = "", suffix = ""] = found;
  const scale = SCALES[suffix === "" ? plain : suffix.toLowerCase()] ?? 1n;
  const parts = (BigInt(fraction === "" ? "0" : fraction) * scale) / 10n ** BigInt(fraction.length);
  const size = (hex === undefined ? BigInt(whole) : BigInt(hex)) * scale + parts;
  return size < 2n ** 64n ? size : null;
}
