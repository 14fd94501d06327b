import type {EsxVm} from "../../host/esx/vm.ts";

/** A machine whose guest may be writing zeroes to its memory while it boots. */
export interface ZeroingMachine {
  readonly vm: EsxVm;
  /** Pages it has yet to write zeroes to; not whole. */
  zeroesLeft: number;
  /** Faults counted when the sampler's period began. */
  faultsBefore: number;
}

/**
 * A booting guest goes over its free memory once and writes zeroes to it: the
 * host has to give it a page for each that it has not got, though all of them
 * hold the same. What is written to is touched, as by a fault, when the sampler looks.
 * @param pages it gets to in this step, part of a page too.
 */
export function writeZeroes(machine: ZeroingMachine, pages: number): void {
  const {vm, zeroesLeft} = machine;
  const left = Math.max(0, zeroesLeft - pages);
  const written = Math.min(vm.untouched, Math.ceil(zeroesLeft) - Math.ceil(left));
  machine.zeroesLeft = left;
  vm.untouched -= written;
  vm.freeBacked += written;
  vm.zero += written;
  machine.faultsBefore -= written;
}
