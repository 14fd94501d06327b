import {sourced} from "../source.ts";
import {kib, seconds, type KiB} from "../units.ts";
import type {PolicyGuest, PolicyHost, PolicyKind} from "./policy.ts";

/** MOM's numbers, parts of host or guest memory; periods in seconds. */
export const MOM = sourced({monitor: 5, period: 10, history: 10, pressure: 0.2, hard: 0.05, step: 0.05, least: 0.0025, guestFree: 0.2}, {
  text: "looks every 5 s, rules every 10 s over the last 10 looks; pressure below 20 % free, guests squeezed into swap below 5 %; 5 % a round",
  place: "doc/balloon.rules; vdsm static/etc/vdsm/mom.d/02-balloon.policy",
  version: "mom at 3de1c8e, vdsm at 3fa92bb",
  grade: "read"
});

/** Whose rules: MOM's own; vdsm's; vdsm's with `balloonEnabled` 0, as it is installed, when guests only grow. */
export const momVariants = ["mom", "vdsm", "vdsm-disabled"] as const;
export type MomVariant = (typeof momVariants)[number];

/** What the rules read of a guest; any one unit. */
export interface MomGuest {
  /** balloon_cur at the newest look: steps and small changes are parts of this. */
  readonly current: number;
  /** Average of balloon_cur, of which what is used is taken; defaults to `current`. */
  readonly average?: number | undefined;
  /** Average of mem_unused. */
  readonly unused: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** The part of a guest's memory that is to stay free while the host is under pressure; below 0 it has to swap. */
function squeeze(hostFree: number): number {
  const {hard, pressure, guestFree} = MOM.value;
  return hostFree <= hard ? hostFree - hard : (guestFree * hostFree) / pressure;
}

/** What the guest uses, on average, and `spare` of what it has. */
const wantedBy = ({current, average = current, unused, minimum}: MomGuest, spare: number): number => Math.max(minimum, average - unused + spare * current);

/** A change that is worth the trouble; the rules ask it of both directions. */
const isWorthIt = (next: number, current: number): boolean => Math.abs(next - current) > MOM.value.least * current;

/** Under pressure: towards what is used and a little, 5 % a round at most. */
function shrink(guest: MomGuest, hostFree: number): number {
  const {current} = guest;
  const next = Math.max(current * (1 - MOM.value.step), wantedBy(guest, squeeze(hostFree)));
  return next <= current && isWorthIt(next, current) ? next : current;
}

/** Without: at least 5 % a round, and at once what leaves a fifth free. */
function grow(guest: MomGuest, spare: number): number {
  const {current, maximum} = guest;
  if (current >= maximum) return current;
  const next = Math.min(maximum, Math.max(current * (1 + MOM.value.step), wantedBy(guest, spare)));
  return isWorthIt(next, current) ? next : current;
}

/** The last rule, whatever the others said: what is below its guaranteed size gets that. */
const guaranteed = ({current, minimum}: MomGuest): number | null => (current < minimum ? minimum : null);

/**
 * What MOM's rules tell one guest.
 * @param hostFree free part of host memory, 0 to 1.
 * @param variant vdsm's policy lets a growing guest have the squeezed part only.
 * @returns the new size, in the unit of the guest's numbers; its current one when it is left alone.
 */
export function momRound(guest: MomGuest, hostFree: number, variant: MomVariant = "mom"): number {
  const shrinks = hostFree < MOM.value.pressure && variant !== "vdsm-disabled";
  const next = shrinks ? shrink(guest, hostFree) : grow(guest, variant === "mom" ? MOM.value.guestFree : squeeze(hostFree));
  return guaranteed(guest) ?? next;
}

/** What one look saw of a guest; null unused memory when it did not say. */
interface GuestLook {
  readonly current: number;
  readonly unused: number | null;
}

/** One look: the host's free part, and each guest by its name. */
interface Look {
  readonly hostFree: number;
  readonly guests: ReadonlyMap<string, GuestLook>;
}

const lookAt = ({total, free, cached}: PolicyHost, guests: readonly PolicyGuest[]): Look => ({
  hostFree: (free + cached) / total,
  guests: new Map(guests.map(({name, current, free: unused}) => [name, {current, unused}]))
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * A guest as the rules read it: its newest size, and averages over the looks at
 * which it gave statistics; null when it gave none at the newest.
 */
function momGuest({name, minimum, maximum}: PolicyGuest, looks: readonly Look[]): MomGuest | null {
  const newest = looks.at(-1)?.guests.get(name);
  if (newest === undefined || newest.unused === null) return null;
  let [count, current, unused] = [0, 0, 0];
  for (const {guests} of looks) {
    const look = guests.get(name);
    if (look === undefined || look.unused === null) continue;
    count++;
    current += look.current;
    unused += look.unused;
  }
  return {current: newest.current, average: current / count, unused: unused / count, minimum, maximum};
}

/** A guest without statistics is out of MOM's rules altogether; vdsm's keep its guaranteed size. */
const withoutStatistics = ({current, minimum, maximum}: PolicyGuest, variant: MomVariant): number =>
  (variant === "mom" ? null : guaranteed({current, unused: 0, minimum, maximum})) ?? current;

function sizeOf(guest: PolicyGuest, looks: readonly Look[], hostFree: number, variant: MomVariant): KiB {
  const seen = momGuest(guest, looks);
  const current = seen?.current ?? guest.current;
  const next = seen === null ? withoutStatistics(guest, variant) : momRound(seen, hostFree, variant);
  return next === current ? guest.target : kib(Math.trunc(next));
}

const names: Readonly<Record<MomVariant, string>> = {mom: "oVirt MOM", vdsm: "oVirt MOM (vdsm)", "vdsm-disabled": "oVirt MOM (vdsm, ballooning disabled)"};

/** oVirt's MOM: guests shrink when the host is short, by what they say they do not use, and grow when it is not. */
export const momPolicy = (variant: MomVariant = "mom"): PolicyKind => ({
  name: names[variant],
  period: seconds(MOM.value.period),
  monitor: seconds(MOM.value.monitor),
  start() {
    let looks: readonly Look[] = [];
    return {
      observe(host, guests) {
        looks = [...looks, lookAt(host, guests)].slice(-MOM.value.history);
      },
      decide(host, guests) {
        const seen = looks.length > 0 ? looks : [lookAt(host, guests)];
        const hostFree = mean(seen.map((look) => look.hostFree));
        return guests.map((guest) => (guest.driver && !guest.migrating ? sizeOf(guest, seen, hostFree, variant) : guest.target));
      }
    };
  }
});
