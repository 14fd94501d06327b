import {describe, expect, test} from "vitest";
import {imbalance} from "../../../src/guest/accounts.ts";
import {deflate, inflate} from "../../../src/guest/balloon/move.ts";
import {takePages} from "../../../src/guest/zones.ts";
import {setUp} from "../fixture.ts";

describe("inflate and deflate", () => {
  test("count what they move", () => {
    const {guest, balloon} = setUp();
    expect(inflate(balloon, 100)).toBe(100);
    expect(deflate(balloon, 30)).toBe(30);
    expect([guest.balloon, guest.counters.balloonInflate, guest.counters.balloonDeflate]).toEqual([70, 100, 30]);
    expect(imbalance(guest)).toBe(0);
  });

  test("deflate gives no more than the balloon holds", () => {
    const {guest, balloon} = setUp();
    inflate(balloon, 100);
    expect(deflate(balloon, 300)).toBe(100);
    expect(guest.balloon).toBe(0);
  });

  test("inflate reclaims once for what is missing, and takes what that brings", () => {
    const {guest, backing, balloon} = setUp();
    takePages(guest, backing, 300, "used");
    guest.file.active = 300;
    guest.shmem += takePages(guest, backing, 1e9, "used");
    expect(inflate(balloon, 200)).toBe(190);
    expect(guest.file.active).toBe(100);
    expect(inflate(balloon, 500)).toBeLessThan(500);
    expect(guest.file.active).toBe(0);
    expect(inflate(balloon, 500)).toBe(0);
    expect(imbalance(guest)).toBe(0);
  });

  test("a deflated page lies on the lists, fresh", () => {
    const {guest, balloon} = setUp();
    inflate(balloon, 63);
    deflate(balloon, 63);
    expect([guest.perCpu.movable[1], guest.perCpu.fresh[1]]).toEqual([63, 63]);
  });
});
