import type {Explanation, StartedNumbers} from "./types.ts";

/** One step of a change that keeps the machine alive. */
export interface Step {
  readonly what: string;
  /** What one would type, or "". */
  readonly command: string;
  /** What can kill the machine here, or "". */
  readonly danger: string;
}

const QEMU: readonly Step[] = [
  {what: "See that the guest can spare the memory: usable, not unused.", command: "virsh dommemstat GUEST", danger: ""},
  {what: "Lower the target in steps and wait for actual after each.", command: "virsh setmem GUEST SIZE --live", danger: "A target below what the guest needs makes it swap, and then its out-of-memory killer acts inside of it."},
  {what: "Lower a limit of the host only when actual has arrived, and leave room for QEMU's own.", command: "virsh memtune GUEST --hard-limit SIZE --live", danger: "A limit below what is used kills the whole machine when reclaim fails."},
  {what: "To grow, do it the other way round: limit first, then target.", command: "virsh setmem GUEST SIZE --live", danger: ""},
  {what: "Keep it for the next start.", command: "virsh setmem GUEST SIZE --config", danger: ""}
];

const XEN: readonly Step[] = [
  {what: "See what the guest owns and what it may reach.", command: "xl list; xenstore-ls /local/domain/ID/memory", danger: ""},
  {what: "Lower the target in steps; a guest that cannot follow stops trying after a few seconds, until the target changes.", command: "xl mem-set GUEST SIZE", danger: "The hypervisor's cap follows the target at once: the guest cannot take back what it gave."},
  {what: "To grow, see that Xen has memory free first.", command: "xl info | grep free_memory", danger: "A PVH or HVM guest that was started below its size and has no driver is crashed when it touches the rest."}
];

const ESX: readonly Step[] = [
  {what: "To make the guest smaller, power it off and change its size; a limit does not do that.", command: "virsh setmaxmem GUEST SIZE", danger: ""},
  {what: "Take limits out before the size grows: a template's limit stays.", command: "virsh setmem GUEST SIZE", danger: "A limit below what the guest uses makes the host balloon, compress and swap it, on an empty host too."},
  {what: "Give the guest swap for what is not reserved.", command: "", danger: "A guest without swap meets its out-of-memory killer when it is ballooned."}
];

const LXC: readonly Step[] = [
  {what: "See what the container uses.", command: "virsh dommemstat GUEST", danger: ""},
  {what: "Lower its limit only below nothing it needs.", command: "virsh setmem GUEST SIZE --live", danger: "The kernel reclaims, and kills processes of the container when that does not help."}
];

const STEPS: Readonly<Record<StartedNumbers["driver"], readonly Step[]>> = {qemu: QEMU, xen: XEN, esx: ESX, lxc: LXC, other: []};

/** Names that need no quotes in a shell. */
const PLAIN_NAME = /^[A-Za-z0-9][\w.-]{0,60}$/;

/** The order of commands for a change of size, and what can kill the machine on the way; empty for a tool's output. */
export function checklist({domain, started}: Explanation): readonly Step[] {
  if (!started) return [];
  const name = domain?.name ?? "";
  if (!PLAIN_NAME.test(name)) return STEPS[started.driver];
  return STEPS[started.driver].map((step) => ({...step, command: step.command.replaceAll("GUEST", name)}));
}
