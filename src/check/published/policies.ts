import {momRound, momVariants, type MomVariant} from "../../policy/mom.ts";
import {PROXMOX, proxmoxRound, type ProxmoxGuest} from "../../policy/proxmox.ts";
import {list, malformed, maybeNumber, object} from "../read.ts";
import type {JsonObject} from "../types.ts";
import type {Rule} from "./given.ts";

/** The published tests count megabytes of 10^6 bytes. */
const MB = 1e6;
/** Smaller goals are not worth a round, in bytes. */
const LEAST = PROXMOX.value.least * 1024;

function number(given: JsonObject, key: string): number {
  const value = given[key];
  if (typeof value !== "number") throw malformed(`given.${key}`, "a number");
  return value;
}

const guestOf = (given: JsonObject): ProxmoxGuest => ({
  current: number(given, "currentMB") * MB,
  minimum: number(given, "minimumMB") * MB,
  maximum: number(given, "maximumMB") * MB,
  shares: number(given, "shares"),
  free: number(given, "freeMB") * MB
});

/** Rounds until nothing changes; what a guest is given it has free, as the published test supposes. */
function repeat(start: readonly ProxmoxGuest[], goal: number, hop: number): readonly number[] {
  let [guests, left] = [start, goal];
  for (;;) {
    const sizes = Math.abs(left) > LEAST ? proxmoxRound(guests, left, hop) : guests.map(({current}) => current);
    const changes = guests.map((guest, i) => (sizes[i] ?? guest.current) - guest.current);
    if (changes.every((change) => change === 0)) return sizes;
    left -= changes.reduce((sum, change) => sum + change, 0);
    guests = guests.map((guest, i) => ({...guest, current: sizes[i] ?? guest.current, free: Math.max(0, guest.free + (changes[i] ?? 0))}));
  }
}

const proxmox: Rule = (given) => {
  const guests = list(given["guests"], "given.guests").map((one, i) => guestOf(object(one, `given.guests[${i}]`)));
  const [goal, hop] = [number(given, "goalMB") * MB, number(given, "hopMB") * MB];
  const sizes = given["repeated"] === true ? repeat(guests, goal, hop) : proxmoxRound(guests, goal, hop);
  return Object.fromEntries(sizes.map((size, i) => [`guest${i + 1}MB`, size / MB]));
};

function variantOf(given: JsonObject): MomVariant {
  const name = given["variant"] ?? "mom";
  const found = momVariants.find((one) => one === name);
  if (found === undefined) throw malformed("given.variant", momVariants.join(", "));
  return found;
}

const mom: Rule = (given) => {
  const guest = {current: number(given, "currentMB"), average: maybeNumber(given["averageMB"]), unused: number(given, "unusedMB"), minimum: number(given, "minimumMB"), maximum: number(given, "maximumMB")};
  return {targetMB: momRound(guest, number(given, "hostFree"), variantOf(given))};
};

/** Policies of Linux hosts, by the command of a row. */
export const policyRules: Readonly<Record<string, Rule>> = {proxmox, mom};
