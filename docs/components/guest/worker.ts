import {fetchFile} from "./files.ts";
import {startGuest, type EmulatorClass, type Guest} from "./machine.ts";
import type {FromWorker, ToWorker} from "./messages.ts";

/** Runs the emulator beside the page, so that neither waits for the other. Ended from outside, which frees all of it. */
const PAGES_PER_MIB = 256;
/** Console text waits this long for more, ms: a message a character would drown the page. */
const TOGETHER = 16;

const post = (message: FromWorker): void => postMessage(message);

let guest: Guest | null = null;
let waiting = "";

function tell(text: string): void {
  if (waiting === "") setTimeout(flush, TOGETHER);
  waiting += text;
}

function flush(): void {
  const text = waiting;
  waiting = "";
  post({type: "console", text});
}

function framesByMib(memory: number): Uint16Array {
  const counts = new Uint16Array(memory);
  for (const frame of guest?.frames() ?? []) {
    const at = Math.floor(frame / PAGES_PER_MIB);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

async function start({folder, memory, deflateOnOom}: Extract<ToWorker, {type: "start"}>): Promise<void> {
  const arrived = (bytes: number): void => post({type: "arrived", bytes});
  const [emulator, wasm, bios, kernel, initramfs] = await Promise.all((["emulator", "wasm", "bios", "kernel", "initramfs"] as const).map((name) => fetchFile(folder, name, arrived)));
  if (emulator === undefined || wasm === undefined || bios === undefined || kernel === undefined || initramfs === undefined) throw new Error("a file is missing");
  const url = URL.createObjectURL(new Blob([emulator], {type: "text/javascript"}));
  const {V86} = (await import(url)) as {readonly V86: EmulatorClass};
  URL.revokeObjectURL(url);
  const onRecord = (line: string): void => {
    if (guest !== null) post({type: "record", line, held: guest.held(), frames: framesByMib(memory)});
  };
  guest = await startGuest(V86, {wasm, bios, kernel, initramfs}, {memory, deflateOnOom, onConsole: tell, onRecord});
  post({type: "running"});
}

addEventListener("message", ({data}: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "start": return void start(data).catch((error: unknown) => post({type: "failed", why: error instanceof Error ? error.message : String(error)}));
    case "keys": return guest?.type(data.keys);
    case "ask": return guest?.ask();
    case "balloon": return guest?.balloon(data.pages);
  }
});
