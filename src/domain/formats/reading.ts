import {ModelError} from "../../errors.ts";
import type {DomainSpec} from "../libvirt/spec.ts";
import type {Span} from "./place.ts";

/** The configuration formats that can be read and written. */
export type ConfigFormat = "libvirt" | "xl" | "vmx" | "qemu";

/** Something in a configuration that changes what its memory numbers mean, or that the model leaves out. */
export type Mentioned =
  | "hugepages"
  | "locked"
  | "vfio"
  | "confidential"
  | "efi"
  | "windows"
  | "immediate"
  | "shared"
  | "discard"
  | "no-merge"
  | "strict-nodes"
  | "extra-arguments"
  | "stubdomain"
  | "host-map"
  | "shadow"
  | "video"
  | "other-file";

export interface Mention {
  readonly what: Mentioned;
  readonly span: Span;
  /** As written, where it helps: a page size, a device. */
  readonly detail: string;
}

/** Something a reader of the format would refuse or pass over. */
export interface ReadProblem {
  readonly severity: "error" | "warning" | "note";
  readonly code: string;
  readonly message: string;
  readonly span: Span;
}

/** A value as it stands in the text. */
export interface RawValue {
  readonly text: string;
  readonly span: Span;
}

/** What a configuration says, before any rule is applied to it. */
export interface Reading {
  readonly format: ConfigFormat;
  readonly spec: DomainSpec;
  /** Where each field of the spec stands, by a path such as `memory` or `devices[0]`. */
  readonly spans: ReadonlyMap<string, Span>;
  readonly mentions: readonly Mention[];
  readonly problems: readonly ReadProblem[];
  /** The keys about memory, lower-case in formats that do not care: the first value of each. */
  readonly values: ReadonlyMap<string, RawValue>;
  /** QEMU machine type, or null. */
  readonly machine: string | null;
  /** Xen: `pv`, `pvh` or `hvm`; other formats null. */
  readonly xenType: "pv" | "pvh" | "hvm" | null;
}

/** Longest text that is read at all, UTF-16 units. */
export const LONGEST_TEXT = 16 * 1024 * 1024;

/** A text that cannot be read, with the stretch that is to blame; `path` of the error is `line:column` once it is known. */
export class UnreadableError extends ModelError {
  readonly span: Span;

  constructor(message: string, span: Span, detail: {readonly code: string; readonly expected: string; readonly hint: string}) {
    super(message, {...detail, path: "text"});
    this.name = "UnreadableError";
    this.span = span;
  }
}

/**
 * Refuses what no parser should see.
 * @throws UnreadableError `too-long`, `not-text` or `empty`
 */
export function checkText(text: string): void {
  if (text.length > LONGEST_TEXT) {
    throw new UnreadableError("the text is too long", {start: LONGEST_TEXT, end: LONGEST_TEXT}, {
      code: "too-long",
      expected: `at most ${LONGEST_TEXT} characters`,
      hint: "leave out what is not about this machine"
    });
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    throw new UnreadableError("this is not text: a zero byte", {start: nul, end: nul + 1}, {
      code: "not-text",
      expected: "text in UTF-8 or UTF-16",
      hint: "give the configuration itself, not a disk image or an archive"
    });
  }
  if (text.trim() === "") {
    throw new UnreadableError("there is nothing here", {start: 0, end: 0}, {code: "empty", expected: "a configuration or a tool's output", hint: "paste one"});
  }
}
