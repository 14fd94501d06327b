/** What a host has promised and what it has left to promise, in pages. */
export interface Capacity {
  /** Memory for machines and their overhead. */
  readonly memory: number;
  /** Space for swap files. */
  readonly swap: number;
}

export interface Demand {
  readonly configured: number;
  readonly reservation: number;
  readonly overhead: number;
}

/** Why a machine may not be powered on. */
export type Refusal = "memory" | "swap";

/** Pages that are promised to machines, their overhead among them. */
export const promised = (running: readonly Demand[]): number => running.reduce((sum, {reservation, overhead}) => sum + reservation + overhead, 0);
const files = (running: readonly Demand[]): number => running.reduce((sum, {configured, reservation}) => sum + configured - reservation, 0);

/**
 * Admission control: a machine is powered on only if its reservation and overhead are still
 * unreserved, and a swap file for all it could lose can be made.
 * @returns what is missing, or null.
 * Source: Waldspurger, OSDI 2002, section 6.2; vSphere 7.0 Resource Management (admission control, swap files).
 */
export function admit(machine: Demand, running: readonly Demand[], capacity: Capacity): Refusal | null {
  if (machine.reservation + machine.overhead > capacity.memory - promised(running)) return "memory";
  if (machine.configured - machine.reservation > capacity.swap - files(running)) return "swap";
  return null;
}
