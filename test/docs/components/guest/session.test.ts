import {describe, expect, it} from "vitest";
import {createSession, type Session} from "../../../../docs/components/guest/session.ts";
import {readSample} from "../../../../docs/components/guest/sample.ts";

interface Fake {
  readonly session: Session;
  readonly typed: string[];
  readonly balloons: number[];
  asked: number;
}

function fake(onAsk: (session: Session, asked: number) => void = () => undefined): Fake {
  const made: Fake = {
    typed: [], balloons: [], asked: 0,
    session: createSession({
      type: (keys) => made.typed.push(keys),
      ask: () => {
        made.asked += 1;
        onAsk(made.session, made.asked);
      },
      balloon: (pages) => made.balloons.push(pages)
    })
  };
  return made;
}
const line = (uptime: number, total = 100): string => `uptime=${uptime} MemTotal=${total} `;

describe("a session with a guest", () => {
  it("waits for the first prompt, and knows one that is there", async () => {
    const {session} = fake();
    const prompt = session.prompt();
    session.heard("boot\r\nguest");
    session.heard("# ");
    expect(await prompt).toContain("boot");
    expect(await session.prompt()).toBe("boot\r\nguest# ");
  });

  it("gives a command's answer without its echo and its prompt", async () => {
    const {session, typed} = fake();
    session.heard("guest# ");
    const answer = session.command("uname");
    session.heard("uname\r\nLinux\r\ngue");
    session.heard("st# ");
    expect(await answer).toBe("Linux\n");
    expect(typed).toEqual(["uname\n"]);
  });

  it("takes no answer to an earlier question for its own", async () => {
    const {session} = fake();
    const held = {asked: 0, actual: 0};
    const first = session.sample();
    const second = session.sample();
    session.recorded(line(1, 10), held);
    expect((await first).sample["MemTotal"]).toBe(10);
    session.recorded("noise", held);
    session.recorded(line(2, 20), held);
    expect((await second).sample["MemTotal"]).toBe(20);
  });

  it("measures a balloon when it is there", async () => {
    const {session, balloons} = fake((session, asked) => session.recorded(line(asked), {asked: 512, actual: Math.min(512, asked * 256)}));
    expect((await session.balloon(2)).held).toEqual({asked: 512, actual: 512});
    expect(balloons).toEqual([512]);
  });

  it("and gives up on one that has not moved for two seconds", async () => {
    const guest = fake((session, asked) => session.recorded(line(asked), {asked: 512, actual: 256}));
    expect((await guest.session.balloon(2)).held.actual).toBe(256);
    expect(guest.asked).toBe(4);
  });

  it("tells whoever waits that the guest is gone", async () => {
    const {session} = fake();
    const waiting = [session.prompt(), session.sample(), session.command("ls")];
    session.end("stopped");
    for (const one of waiting) await expect(one).rejects.toThrow("stopped");
  });

  it("forgets what scrolled away long ago", () => {
    const {session} = fake();
    session.heard("x".repeat(250_000));
    expect(session.text().length).toBe(200_000);
  });
});

describe("a line of the recorder", () => {
  it("is numbers by name", () => expect(readSample("uptime=4.12 0.00 MemTotal=239372 cgroup.limit=max cgroup.peak=8")).toEqual({uptime: 4.12, MemTotal: 239372, "cgroup.limit": Infinity, "cgroup.peak": 8}));
  it("is nothing without MemTotal", () => expect(readSample("login: x=1")).toBeNull());
});
