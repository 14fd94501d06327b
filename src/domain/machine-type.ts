import {ModelError} from "../errors.ts";

/** The two PC boards of QEMU: `pc` is the i440FX of 1996, `q35` the Q35 of 2007. */
export type Chipset = "pc" | "q35";

/** A machine type taken apart: the board, and the QEMU release whose behaviour it keeps. */
export interface MachineType {
  /** As given: `pc`, `q35`, `pc-i440fx-7.2`, `pc-q35-6.0`, `pc-1.3`. */
  readonly name: string;
  readonly chipset: Chipset;
  /** Major and minor release; null for the bare alias, which means the newest. */
  readonly version: readonly [major: number, minor: number] | null;
}

const versioned: readonly [chipset: Chipset, pattern: RegExp][] = [
  ["pc", /^pc-(?:i440fx-)?(\d+)\.(\d+)(?:\.\d+)?$/],
  ["q35", /^pc-q35-(\d+)\.(\d+)(?:\.\d+)?$/]
];

/**
 * Reads a `-machine` type name.
 * @throws ModelError `unknown-machine-type` when it names neither board.
 */
export function parseMachineType(name: string, path = "machine"): MachineType {
  if (name === "pc" || name === "q35") return {name, chipset: name, version: null};
  for (const [chipset, pattern] of versioned) {
    const match = pattern.exec(name);
    if (match) return {name, chipset, version: [Number(match[1]), Number(match[2])]};
  }
  throw new ModelError(`unknown machine type: ${name}`, {
    code: "unknown-machine-type",
    path,
    expected: "pc, q35, pc-i440fx-<release> or pc-q35-<release>",
    hint: "name one of QEMU's two PC boards"
  });
}

/** Whether a machine type behaves as QEMU `major.minor` or later; a bare alias always does. */
export function isAtLeast(type: MachineType, major: number, minor: number): boolean {
  if (type.version === null) return true;
  const [a, b] = type.version;
  return a > major || (a === major && b >= minor);
}
