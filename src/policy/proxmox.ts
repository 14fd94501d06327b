import {sourced} from "../source.ts";
import {kib, seconds, type KiB} from "../units.ts";
import type {PolicyGuest, PolicyKind} from "./policy.ts";

const place = {place: "PVE/AutoBalloon.pm compute_alg1; PVE/Service/pvestatd.pm auto_balloning", version: "pve-manager at 14a22df", grade: "read"} as const;

/** What pvestatd goes by; sizes in KiB. */
export const PROXMOX = sourced({period: 10, target: 0.8, least: 10 * 1024, hop: 100 * 1024, comfort: 0.25, shares: 1000}, {
  text: "every 10 s; 80 % of host memory used; 10 MiB are not worth it; 100 MiB a machine and round; comfortable above a quarter of its minimum free",
  ...place
});

/** A machine as the algorithm sees it; any one unit. */
export interface ProxmoxGuest {
  readonly current: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly shares: number;
  /** Free memory as the guest says. */
  readonly free: number;
}

/** How far a machine may go this round: towards its fair size, no further than a hop from where it started; null when it stays where it was. */
function stepOf({current}: ProxmoxGuest, desired: number, growing: boolean, hop: number): number | null {
  if (growing && desired > current) return Math.min(current + hop, desired);
  return desired < current ? Math.max(current - hop, desired) : null;
}

/**
 * Hands out `wanted` (below 0: takes) among some of the machines, in place: each
 * pass aims at minimum + shares of all that is over the minimums. Who has nothing
 * to gain is left out of the next pass.
 * @returns what found no place.
 */
function hand(guests: readonly ProxmoxGuest[], list: readonly number[], sizes: number[], wanted: number, hop: number): number {
  let rest = wanted;
  let open = list.flatMap((i) => (guests[i] === undefined ? [] : [{i, guest: guests[i]}]));
  for (let progress = true; progress && rest !== 0; ) {
    progress = false;
    const weight = open.reduce((sum, {guest}) => sum + guest.shares, 0);
    const total = open.reduce((sum, {i, guest}) => sum + (sizes[i] ?? 0) - guest.minimum, rest);
    const moved = open.flatMap(({i, guest}) => {
      const fair = guest.minimum + Math.trunc((total / weight) * guest.shares);
      const next = stepOf(guest, Math.min(guest.maximum, Math.max(guest.minimum, fair)), wanted > 0, hop);
      return next === null ? [] : [{i, guest, next}];
    });
    for (const {i, next} of moved) {
      const change = next - (sizes[i] ?? 0);
      sizes[i] = next;
      rest -= change;
      progress ||= change !== 0;
    }
    open = moved;
  }
  return rest;
}

/** Enough free that others go first when memory is given, and last when it is kept. */
const isComfortable = ({free, minimum, current}: ProxmoxGuest): boolean => free > PROXMOX.value.comfort * minimum && current >= minimum;

/**
 * One round of Proxmox VE's auto-ballooning: memory above the goal goes to those
 * that are short first, memory it wants back comes from those that have plenty.
 * No machine moves more than a hop, which is why shares are not kept to.
 * @param goal what the host has over (or, below 0, lacks), in the unit of the sizes.
 * @returns the new sizes, in order.
 */
export function proxmoxRound(guests: readonly ProxmoxGuest[], goal: number, hop: number): readonly number[] {
  const sizes = guests.map(({current}) => current);
  const all = guests.map((_, i) => i);
  const first = guests.flatMap((guest, i) => (isComfortable(guest) === goal < 0 ? [i] : []));
  const rest = hand(guests, first, sizes, goal, hop);
  if (Math.abs(rest) >= Math.abs(goal)) hand(guests, all, sizes, rest, hop);
  return sizes;
}

/** Whether pvestatd touches it: a driver that answers, a `balloon` setting below its size, shares, and not on its way. */
const isEligible = ({driver, migrating, minimum, configured, shares}: PolicyGuest): boolean => driver && !migrating && shares > 0 && minimum < configured;

/**
 * Proxmox VE's auto-ballooning. The host's own use decides, page cache left out;
 * what guests need only orders them.
 * @param target part of host memory that may be used, 0 to 1.
 */
export const proxmoxPolicy = (target: number = PROXMOX.value.target): PolicyKind => ({
  name: "Proxmox VE",
  period: seconds(PROXMOX.value.period),
  monitor: null,
  start: () => ({
    decide({total, free, cached}, guests) {
      const goal = Math.floor(total * target - (total - free - cached));
      const eligible = guests.filter(isEligible);
      if (Math.abs(goal) <= PROXMOX.value.least || eligible.length === 0) return guests.map((guest) => guest.target);
      const seen = eligible.map(({current, minimum, maximum, shares, free: unused}) => ({current, minimum, maximum, shares, free: unused ?? 0}));
      const sizes = proxmoxRound(seen, goal, PROXMOX.value.hop);
      return guests.map((guest): KiB => {
        const size = sizes[eligible.indexOf(guest)];
        return size === undefined ? guest.target : kib(size);
      });
    }
  })
});
