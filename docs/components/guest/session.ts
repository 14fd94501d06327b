import type {Held} from "./machine.ts";
import {of, readSample, type Sample} from "./sample.ts";

/** What a session needs of a guest; in the page the worker is at the other end. */
export interface Port {
  readonly type: (keys: string) => void;
  readonly ask: () => void;
  readonly balloon: (pages: number) => void;
}

/** A guest with its answers awaited: commands end when the prompt is back, targets when the balloon is. */
export interface Session {
  /** Text the guest wrote to its console. */
  readonly heard: (text: string) => void;
  /** A line of the recorder, with what the balloon device says at that moment. */
  readonly recorded: (line: string, held: Held) => void;
  /** Resolves when the shell asks for a command. */
  readonly prompt: () => Promise<string>;
  /** Types a command; what the guest printed until its next prompt. */
  readonly command: (line: string) => Promise<string>;
  readonly sample: () => Promise<Measured>;
  /** Asks for a balloon of this many MiB; measured when it is there, or has not moved for two guest seconds. */
  readonly balloon: (mib: number) => Promise<Measured>;
  /** Everything the console said. */
  readonly text: () => string;
  /** The guest is gone: whoever waits is told. */
  readonly end: (why: string) => void;
}

export interface Measured {
  readonly sample: Sample;
  readonly held: Held;
}

const PROMPT = "guest# ";
const PAGES_PER_MIB = 256;
const STILL = 2;
/** What is kept of the console: a run's answers are near its end. */
const KEPT = 200_000;

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (why: Error) => void;
}

/** Those who wait for the answer to a question, or a later one: `next` says to which. */
function waiters<T>(): {readonly next: (number?: number) => Promise<T>; readonly tell: (value: T, number?: number) => void; readonly end: (why: Error) => void} {
  let list: (Waiting<T> & {readonly number: number})[] = [];
  return {
    next: (number = 0) => new Promise((resolve, reject) => list.push({resolve, reject, number})),
    tell: (value, number = 0) => {
      const told = list.filter((one) => one.number <= number);
      list = list.filter((one) => one.number > number);
      for (const {resolve} of told) resolve(value);
    },
    end: (why) => {
      for (const {reject} of list) reject(why);
      list = [];
    }
  };
}

/** @param pause between two looks at a moving balloon: each look costs the guest time that its driver could use. */
export function createSession(port: Port, pause: () => Promise<void> = () => Promise.resolve()): Session {
  const prompts = waiters<string>();
  const samples = waiters<Measured>();
  let text = "";
  let since = 0;
  // An answer to an earlier question may be from before an act: only the answer to one's own, or a later one, counts.
  let asked = 0;
  let answered = 0;
  const sample = (): Promise<Measured> => {
    asked += 1;
    const next = samples.next(asked);
    port.ask();
    return next;
  };
  const settled = async (): Promise<Measured> => {
    let last = await sample();
    let moved = last;
    while (last.held.actual !== last.held.asked && of(last.sample, "uptime") - of(moved.sample, "uptime") < STILL) {
      await pause();
      const now = await sample();
      if (now.held.actual !== last.held.actual) moved = now;
      last = now;
    }
    return sample();
  };
  return {
    heard: (more) => {
      const whole = text + more;
      const over = Math.max(0, whole.length - KEPT);
      text = whole.slice(over);
      since = Math.max(0, since - over);
      if (text.endsWith(PROMPT) && text.length > since) prompts.tell(text.slice(since, -PROMPT.length));
    },
    recorded: (line, held) => {
      const read = readSample(line);
      if (read === null) return;
      answered += 1;
      samples.tell({sample: read, held}, answered);
    },
    prompt: () => (text.endsWith(PROMPT) ? Promise.resolve(text) : prompts.next()),
    command: async (line) => {
      since = text.length;
      const answer = prompts.next();
      port.type(`${line}\n`);
      return (await answer).replaceAll("\r", "").replace(/^[^\n]*\n/, "");
    },
    sample,
    balloon: (mib) => {
      port.balloon(Math.round(mib * PAGES_PER_MIB));
      return settled();
    },
    text: () => text,
    end: (why) => {
      for (const list of [prompts, samples]) list.end(new Error(why));
    }
  };
}
