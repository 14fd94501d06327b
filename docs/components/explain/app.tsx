import {render} from "preact";
import {answer, type Answer, type Request} from "./engine.ts";
import {Results} from "./results.tsx";

/** Above this many characters the reading is left to a worker. */
const LARGE = 65_536;

let worker: Promise<Worker> | null = null;
let last = 0;
const waiting = new Map<number, {readonly done: (answer: Answer) => void; readonly failed: (error: Error) => void}>();

function listen(started: Worker): void {
  started.addEventListener("message", ({data}: MessageEvent<{readonly id: number; readonly answer?: Answer; readonly failure?: string}>) => {
    const one = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.answer) one?.done(data.answer);
    else one?.failed(new Error(data.failure ?? "the worker failed"));
  });
}

async function start(): Promise<Worker> {
  const {url} = await import("./worker.ts");
  const started = new Worker(url, {type: "module"});
  listen(started);
  return started;
}

async function inWorker(request: Request): Promise<Answer> {
  const ready = await (worker ??= start());
  const id = (last += 1);
  const asked = new Promise<Answer>((done, failed) => waiting.set(id, {done, failed}));
  ready.postMessage({id, request});
  return asked;
}

/** Reads a request: at once when it is small, off the main thread when it is not. */
export function run(request: Request): Answer | Promise<Answer> {
  const length = request.files.reduce((sum, {text}) => sum + text.length, 0);
  return length <= LARGE ? answer(request) : inWorker(request);
}

/** Shows an answer in place of the one before. */
export const show = (element: Element, shown: Answer): void => render(<Results answer={shown} />, element);
