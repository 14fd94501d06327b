import type {FromWorker, ToWorker} from "./messages.ts";
import {createSession, type Session} from "./session.ts";

export interface ClientOptions {
  /** Where the files of the guest are. */
  readonly folder: string;
  readonly memory: number;
  readonly deflateOnOom: boolean;
}

export interface ClientEvents {
  readonly onArrived: (bytes: number) => void;
  readonly onRunning: () => void;
  readonly onConsole: (text: string) => void;
  readonly onFrames: (frames: Uint16Array) => void;
  readonly onFailed: (why: string) => void;
}

/** A guest in a worker. */
export interface Client {
  readonly session: Session;
  readonly type: (keys: string) => void;
  readonly setBalloon: (pages: number) => void;
  /** Ends the worker, and with it all memory the emulator had. */
  readonly stop: () => void;
}

/** Null where a browser can run it; else what it lacks, in words. */
export function lacking(scope: object = globalThis): string | null {
  if (!("WebAssembly" in scope)) return "This browser has no WebAssembly, which the emulator needs. Some browsers turn it off for safety; the recorded run below shows the same.";
  if (!("DecompressionStream" in scope)) return "This browser cannot unpack the guest's files (it has no DecompressionStream). The recorded run below shows the same.";
  if (!("Worker" in scope)) return "This browser has no web workers, in which the emulator runs. The recorded run below shows the same.";
  return null;
}

const PAGES_PER_MIB = 256;
/** Milliseconds between two looks at a moving balloon. */
const LOOK = 60;

export function startClient({folder, memory, deflateOnOom}: ClientOptions, on: ClientEvents): Client {
  const worker = new Worker(new URL("worker.js", folder), {type: "module"});
  const post = (message: ToWorker): void => worker.postMessage(message);
  const type = (keys: string): void => post({type: "keys", keys});
  const setBalloon = (pages: number): void => post({type: "balloon", pages});
  const session = createSession({type, ask: () => post({type: "ask"}), balloon: setBalloon}, () => new Promise((resolve) => setTimeout(resolve, LOOK)));
  const failed = (why: string): void => {
    worker.terminate();
    session.end(why);
    on.onFailed(why);
  };
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    failed(event.message === "" ? "the emulator's worker did not start" : event.message);
  });
  worker.addEventListener("message", ({data}: MessageEvent<FromWorker>) => {
    switch (data.type) {
      case "arrived":
        on.onArrived(data.bytes);
        break;
      case "running":
        on.onRunning();
        break;
      case "console":
        session.heard(data.text);
        on.onConsole(data.text);
        break;
      case "record":
        on.onFrames(data.frames);
        session.recorded(data.line, data.held);
        break;
      case "failed":
        failed(data.why);
        break;
    }
  });
  post({type: "start", folder, memory, deflateOnOom});
  return {
    session, type, setBalloon,
    stop: () => {
      worker.terminate();
      session.end("the guest was stopped");
    }
  };
}

/** The most a target may take and leave the guest alive: 24 MiB stay for its kernel and shell. */
export const safeBalloon = (memTotalKib: number): number => Math.max(0, Math.floor(memTotalKib / 1024) - 24);
export const pagesOf = (mib: number): number => mib * PAGES_PER_MIB;
