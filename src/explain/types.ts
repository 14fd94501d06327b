import type {DomainDef} from "../domain/libvirt/domain-def.ts";
import type {TextFormat} from "../domain/formats/detect.ts";
import type {Place, Span} from "../domain/formats/place.ts";
import type {ConfigFormat, Reading} from "../domain/formats/reading.ts";

export type Severity = "error" | "warning" | "note";
export type LayerName = "configured" | "target" | "current" | "backing";

/** What a configuration or a tool's output shows, in words. */
export interface Finding {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly severity: Severity;
  /** The layer it is about, or null for none. */
  readonly layer: LayerName | null;
  /** Where in the text, or null when it is about something that is not there. */
  readonly place: Place | null;
  /** What is found, one sentence. */
  readonly what: string;
  readonly meaning: string;
  /** What to do; "" for nothing. */
  readonly action: string;
  /** Where that is known from: file and release, manual, or recording. */
  readonly source: string;
}

/** A finding before its place is counted in lines. `at` is a field of the reading, a span, or null. */
export type Draft = Omit<Finding, "place"> & {readonly at: string | Span | null};

/** Something the model leaves out, and the layers whose numbers it touches. */
export interface Unknown {
  readonly what: string;
  readonly why: string;
  readonly layers: readonly LayerName[];
}

/** A definition and all a rule may look at. */
export interface Subject {
  readonly reading: Reading;
  /** As libvirt stores it. */
  readonly def: DomainDef;
  /** The driver that runs it. */
  readonly driver: "qemu" | "xen" | "lxc" | "esx" | "other";
}

export type Rule = (subject: Subject) => readonly Draft[];

/** Memory of one domain, KiB; null where unset or unlimited. */
export interface DomainNumbers {
  readonly name: string | null;
  readonly type: string;
  readonly arch: string;
  readonly vcpus: number;
  /** `<memory>`: layer 1, with memory devices. */
  readonly memory: number;
  /** `<currentMemory>`: layer 2. */
  readonly currentMemory: number;
  readonly maxMemory: number | null;
  readonly slots: number | null;
  /** Memory at boot: `memory` without memory devices. */
  readonly initialMemory: number;
  readonly memtune: {
    readonly hardLimit: number | null;
    readonly softLimit: number | null;
    readonly swapHardLimit: number | null;
    readonly minGuarantee: number | null;
  };
  /** Memory of each guest NUMA cell. */
  readonly numa: readonly number[];
  readonly devices: readonly {readonly model: string; readonly size: number; readonly node: number | null; readonly block: number | null; readonly requested: number | null}[];
  readonly balloon: {readonly model: string; readonly autodeflate: boolean; readonly freePageReporting: boolean; readonly period: number};
}

/** What the driver makes of the definition when the domain starts, KiB; fields that the driver does not have are null. */
export interface StartedNumbers {
  readonly driver: Subject["driver"];
  readonly memory: number;
  readonly currentMemory: number;
  readonly initialMemory: number;
  readonly maxMemory: number | null;
  readonly slots: number | null;
  readonly numa: readonly number[];
  readonly devices: DomainNumbers["devices"];
  /** The host's cap at start: Xen's max_pages, a cgroup's limit, an ESX limit; null for none. */
  readonly hostCap: number | null;
  /** What the host promises never to take: an ESX reservation; null for nothing. */
  readonly guaranteed: number | null;
  /** The text after QEMU's `-m`, or null. */
  readonly qemuMemory: string | null;
  /** QEMU's machine type, as written; null where none is. */
  readonly board: string | null;
  /** What kind of Xen guest it is; null for other drivers. */
  readonly guestType: "pv" | "pvh" | "hvm" | null;
}

/** One text explained. */
export interface Explanation {
  readonly format: TextFormat;
  /** What libvirt's post-parse makes of a configuration; null for a tool's output and for one that libvirt refuses. */
  readonly domain: DomainNumbers | null;
  /** The same after `virsh define`, where that differs (NUMA cells then override `<memory>`); else null. */
  readonly defined: {readonly memory: number; readonly currentMemory: number} | null;
  readonly started: StartedNumbers | null;
  /** Numbers of a tool's output, KiB unless the name says otherwise; null for a configuration. */
  readonly observed: Readonly<Record<string, number | null>> | null;
  readonly findings: readonly Finding[];
  readonly unknown: readonly Unknown[];
}

/** A number or a field that a translation changes or drops. */
export interface Loss {
  readonly field: string;
  /** Where it stood, or null. */
  readonly place: Place | null;
  readonly before: string;
  /** What the other format has instead; null for nothing. */
  readonly after: string | null;
  readonly why: string;
}

export interface Translation {
  readonly format: ConfigFormat;
  readonly text: string;
  readonly losses: readonly Loss[];
}
