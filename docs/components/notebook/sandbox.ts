import {readMessage, type FromFrame, type ToFrame} from "./protocol.ts";

export interface SandboxOptions {
  /** Makes a new frame, sandboxed, and puts it into the page. */
  readonly create: () => HTMLIFrameElement;
  readonly onMessage: (message: Exclude<FromFrame, {type: "ready" | "pong"}>) => void;
  /** The frame gave no answer and was ended: `running` is the cell it was at, if one was. */
  readonly onKilled: (running: string | null) => void;
}

export interface Sandbox {
  send(message: Exclude<ToFrame, {type: "ping"}>): void;
  close(): void;
}

/** Without an answer for so long a frame is taken for stuck, ms. Longer than the guard of loops, which says more. */
const PATIENCE = 6_000;
const EVERY = 1_000;

/** The frame the cells run in, and the watch over it. */
export function openSandbox({create, onMessage, onKilled}: SandboxOptions): Sandbox {
  let frame = create();
  let ready = false;
  let waiting: ToFrame[] = [];
  let running: string | null = null;
  let asked = 0;
  let timer: number | undefined;
  let next: number | undefined;

  const post = (message: ToFrame): void => {
    // The frame's origin is opaque: there is no other way to name it, and nothing secret is ever sent.
    if (ready) frame.contentWindow?.postMessage(message, "*");
    else waiting.push(message);
  };
  const ask = (): void => {
    clearTimeout(next);
    if (timer !== undefined) return;
    timer = window.setTimeout(kill, PATIENCE);
    post({type: "ping", n: ++asked});
  };
  const quiet = (): void => {
    clearTimeout(timer);
    clearTimeout(next);
    timer = undefined;
  };
  const kill = (): void => {
    const culprit = running;
    quiet();
    frame.remove();
    [running, ready, waiting] = [null, false, []];
    frame = create();
    onKilled(culprit);
  };
  const hear = ({source, data}: MessageEvent<unknown>): void => {
    const message = source === null || source !== frame.contentWindow ? null : readMessage(data);
    if (message === null) return;
    if (message.type === "ready") {
      ready = true;
      for (const held of waiting.splice(0)) post(held);
    } else if (message.type === "pong") {
      if (message.n !== asked) return;
      quiet();
      next = window.setTimeout(ask, EVERY);
    } else {
      running = message.type === "running" ? message.id : message.id === running ? null : running;
      onMessage(message);
    }
  };
  addEventListener("message", hear);
  return {
    send: (message) => {
      post(message);
      ask();
    },
    close: () => {
      quiet();
      removeEventListener("message", hear);
      frame.remove();
    }
  };
}
