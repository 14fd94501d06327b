import {expect} from "vitest";
import {noLimits, type DomainDef} from "../../../src/domain/libvirt/domain-def.ts";
import {LibvirtFailure} from "../../../src/domain/libvirt/error.ts";
import type {ScaledText} from "../../../src/domain/libvirt/spec.ts";
import {kib} from "../../../src/units.ts";

/** A definition of 1 GiB with a virtio balloon, and what a test changes of it. */
export const definition = (more: Partial<DomainDef> = {}): DomainDef => ({
  name: "t1",
  type: "qemu",
  arch: "x86_64",
  vcpus: 1,
  total: kib(1048576),
  current: kib(524288),
  max: kib(0),
  slots: 0,
  limits: noLimits,
  cells: [],
  devices: [],
  balloon: {model: "virtio", autodeflate: false, freePageReporting: false, period: 0},
  ...more
});

/** A size as it stands in XML. */
export const size = (text: string, unit: string | null = "KiB"): ScaledText => ({text, unit});

/** Code and message of the libvirt error that `run` raises. */
export function errorOf(run: () => unknown): readonly [string, string] {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof LibvirtFailure) return [thrown.code, thrown.message];
    throw thrown;
  }
  return expect.unreachable("no error was raised");
}
