import {reclaim} from "../reclaim.ts";
import {givePages, takePages} from "../zones.ts";
import type {BalloonContext} from "./driver.ts";

const book = ({guest}: BalloonContext, pages: number): number => {
  guest.balloon += pages;
  guest.counters.balloonInflate += pages;
  return pages;
};

/** Takes up to `wanted` free pages into the balloon and reclaims none: an allocation that must not sleep. */
export const inflateFree = (context: BalloonContext, wanted: number): number => book(context, takePages(context.guest, context.backing, wanted, "ballooned"));

/**
 * Takes up to `wanted` pages into the balloon, reclaiming but never killing:
 * every driver allocates so that the OOM killer stays out (virtio and Xen with
 * NORETRY and NOMEMALLOC).
 * @returns the pages taken; fewer than wanted means the guest is at its floor.
 */
export function inflate(context: BalloonContext, wanted: number): number {
  const {guest, backing} = context;
  let taken = takePages(guest, backing, wanted, "ballooned");
  if (taken < wanted && reclaim(guest, backing, wanted - taken) > 0) taken += takePages(guest, backing, wanted - taken, "ballooned");
  return book(context, taken);
}

/** Gives up to `wanted` pages back to the guest's free lists; returns how many it had. */
export function deflate(context: BalloonContext, wanted: number): number {
  const {guest, backing} = context;
  const given = Math.min(wanted, guest.balloon);
  givePages(guest, backing, given, "ballooned", true);
  guest.balloon -= given;
  guest.counters.balloonDeflate += given;
  return given;
}
