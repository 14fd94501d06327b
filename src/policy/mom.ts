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

/** Averages that the rules read; any one unit. */
export interface MomGuest {
  readonly current: number;
  readonly unused: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** The part of a guest's memory that is to stay free while the host is under pressure; below 0 it has to swap. */
function squeeze(hostFree: number): number {
  const {hard, pressure, guestFree} = MOM.value;
  return hostFree <= hard ? hostFree - hard : (guestFree * hostFree) / pressure;
}

/** Under pressure: towards what is used and a little, 5 % a round at most; small changes are not made. */
function shrink({current, unused, minimum}: MomGuest, hostFree: number): number {
  const {step, least} = MOM.value;
  const wanted = Math.max(minimum, current - unused + squeeze(hostFree) * current);
  const next = Math.max(current * (1 - step), wanted);
  return next <= current && current - next > least * current ? next : current;
}

/** Without: at least 5 % a round, and at once what leaves a fifth free. */
function grow({current, unused, minimum, maximum}: MomGuest, spare: number): number {
  if (current >= maximum) return current;
  const wanted = Math.max(minimum, current - unused + spare * current);
  return Math.min(maximum, Math.max(current * (1 + MOM.value.step), wanted));
}

/**
 * What MOM's rules tell one guest.
 * @param hostFree free part of host memory, 0 to 1.
 * @param variant vdsm's policy lets a growing guest have the squeezed part only.
 * @returns the new size, in the unit of the guest's numbers.
 */
export function momRound(guest: MomGuest, hostFree: number, variant: "mom" | "vdsm" = "mom"): number {
  const next = hostFree < MOM.value.pressure ? shrink(guest, hostFree) : grow(guest, variant === "vdsm" ? squeeze(hostFree) : MOM.value.guestFree);
  return Math.max(next, guest.minimum);
}

/** One look: the host's free part, and each guest's current size and unused memory. */
interface Look {
  readonly hostFree: number;
  readonly guests: readonly {readonly current: number; readonly unused: number}[];
}

const lookAt = ({total, free, cached}: PolicyHost, guests: readonly PolicyGuest[]): Look => ({
  hostFree: (free + cached) / total,
  guests: guests.map(({current, free: unused}) => ({current, unused: unused ?? 0}))
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** oVirt's MOM: guests shrink when the host is short, by what they say they do not use, and grow when it is not. */
export const momPolicy = (variant: "mom" | "vdsm" = "mom"): PolicyKind => ({
  name: variant === "mom" ? "oVirt MOM" : "oVirt MOM (vdsm)",
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
        return guests.map((guest, i): KiB => {
          if (!guest.driver || guest.migrating) return guest.target;
          const own = seen.flatMap((look) => look.guests[i] ?? []);
          const average = {current: mean(own.map(({current}) => current)), unused: mean(own.map(({unused}) => unused))};
          const next = momRound({...average, minimum: guest.minimum, maximum: guest.maximum}, hostFree, variant);
          return next === average.current ? guest.target : kib(next);
        });
      }
    };
  }
});
