import {hasBalloon} from "../domain/libvirt/domain-def.ts";
import {reportBalloon} from "../control/libvirt/set-memory.ts";
import type {DomainState} from "../control/types.ts";
import {withDomain, type CommandResult, type Host} from "../control/virsh/host.ts";
import {kib, kibToPagesDown, pagesToKib, type KiB} from "../units.ts";
import {guestDecides} from "./libvirt-setup.ts";
import type {Collector, Json, JsonObject} from "./types.ts";

/** What a replay knows of the guest of a running QEMU domain. */
export interface GuestReplay {
  /** Whether the guest's balloon driver runs: null while no row has shown it. */
  readonly driverLoaded: boolean | null;
  /** Pages given up and taken back since the first row. */
  readonly inflated: number;
  readonly deflated: number;
  /** What the balloon held before the first row, KiB. */
  readonly baseline: KiB;
  readonly deflateOnOom: boolean;
  readonly hasDevice: boolean;
}

export interface Settled {
  readonly host: Host;
  readonly guest: GuestReplay;
  /** Nobody knows whether the guest followed. */
  readonly unsure: boolean;
}

/** What the balloon leaves the guest for a target: QEMU asks for whole pages, rounded down. */
export function settledActual(total: KiB, target: KiB): KiB {
  const pages = kibToPagesDown(kib(Math.max(total - target, 0)));
  return kib(total - pagesToKib(pages));
}

/** A guest whose driver runs has less than all its memory, or moves when told to. */
function driverShown({driverLoaded}: GuestReplay, before: DomainState | undefined): boolean | null {
  if (before === undefined || !guestDecides(before)) return driverLoaded;
  const {def, next} = before;
  if (def.current < def.total) return true;
  // The target sent at start was lower, and nothing followed it.
  return driverLoaded ?? (next !== null && next.current < next.total ? false : null);
}

function moved(guest: GuestReplay, from: KiB, to: KiB): GuestReplay {
  const pages = (to - from) / 4;
  return {...guest, inflated: guest.inflated + Math.max(-pages, 0), deflated: guest.deflated + Math.max(pages, 0)};
}

/** Carries out the live targets of a command as a guest would that has memory to give. */
export function settleBalloon(known: GuestReplay, before: Host, {host, effects}: CommandResult): Settled {
  const effect = effects.find((one) => one.effect.kind === "balloon");
  const name = effect?.domain ?? host.domains[0]?.def.name ?? "";
  const domain = before.domains.find(({def}) => def.name === name);
  const driverLoaded = driverShown(known, domain);
  const guest = {...known, driverLoaded};
  const state = host.domains.find(({def}) => def.name === name);
  const started = effects.some((one) => one.effect.kind === "start");
  if (state && started) return {host, guest, unsure: guestDecides(state) && (state.next?.current ?? 0) < state.def.total};
  if (effect?.effect.kind !== "balloon" || !state || !guestDecides(state)) return {host, guest, unsure: false};
  if (driverLoaded === null) return {host, guest, unsure: true};
  if (!driverLoaded) return {host, guest, unsure: false};
  const actual = settledActual(state.def.total, effect.effect.target);
  return {host: withDomain(host, name, reportBalloon(state, actual)), guest: moved(guest, state.def.current, actual), unsure: false};
}

/** Fields of the guest that follow from the balloon alone. */
function predictGuest({guest, unsure}: Settled, state: DomainState | undefined): Readonly<Record<string, Json>> {
  if (!state || unsure || state.driver !== "qemu") return {};
  if (!guest.hasDevice || !hasBalloon(state.def) || guest.driverLoaded === false) {
    return {MemTotalChangeKiB: 0, balloonInflatePages: 0, balloonDeflatePages: 0};
  }
  return guest.driverLoaded === true && !guest.deflateOnOom ? {MemTotalChangeKiB: state.def.current - state.def.total} : {};
}

/** Holds the guest's fields of a row against what follows from the balloon; the rest belongs to its kernel. */
export function describeGuest(settled: Settled, state: DomainState | undefined, observed: JsonObject, path: string, found: Collector): void {
  const predicted = predictGuest(settled, state);
  for (const [key, value] of Object.entries(observed)) {
    const known = predicted[key];
    if (known !== undefined) found.exact(`${path}.${key}`, known, value);
    else if (key === "MemFreeChangeKiB" && predicted["balloonInflatePages"] === 0) found.show(`${path}.${key}`, 0, value);
    else found.cannot(`${path}.${key}`, "depends on the guest's kernel and what it runs");
  }
}
