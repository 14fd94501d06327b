import type {V86Options} from "v86";

/** The files a guest boots from, as they are in memory: inflated. */
export interface GuestFiles {
  readonly wasm: ArrayBuffer;
  readonly bios: ArrayBuffer;
  readonly kernel: ArrayBuffer;
  readonly initramfs: ArrayBuffer;
}

export interface GuestOptions {
  /** The emulator's memory_size, MiB; the usable end of RAM is 16 MiB below it. */
  readonly memory: number;
  /** Offered to the guest's driver before it boots; nothing can add it later. */
  readonly deflateOnOom: boolean;
  readonly onConsole: (text: string) => void;
  /** One line of the recorder in the guest, without its end. */
  readonly onRecord: (line: string) => void;
}

/** Pages the balloon was asked to hold, and pages the driver says it holds. */
export interface Held {
  readonly asked: number;
  readonly actual: number;
}

/** A guest that runs: what the worker and the tests do with it. */
export interface Guest {
  /** Keys, as a terminal sends them. */
  readonly type: (keys: string) => void;
  /** Asks the recorder for one line. */
  readonly ask: () => void;
  /** Asks the balloon to hold this many pages of 4 KiB. */
  readonly balloon: (pages: number) => void;
  readonly held: () => Held;
  /** Page frame numbers now in the balloon, as the driver handed them over. */
  readonly frames: () => ReadonlySet<number>;
  readonly stop: () => Promise<void>;
}

interface Chain {
  get_next_blob: (into: Uint8Array) => number;
}
interface Queue {
  pop_request: () => Chain;
}
interface Balloon {
  readonly num_pages: number;
  readonly actual: number;
  readonly virtio: {readonly device_feature: number[]; readonly queues: readonly Queue[]};
  readonly Inflate: (pages: number) => void;
}

/** What of the emulator this relies on, its inside included: it is pinned to an exact version and tested. */
export interface Emulator {
  readonly add_listener: ((event: "serial0-output-byte" | "serial1-output-byte", then: (byte: number) => void) => void) & ((event: "emulator-loaded", then: () => void) => void);
  readonly serial0_send: (keys: string) => void;
  readonly serial_send_bytes: (port: number, bytes: Uint8Array) => void;
  readonly run: () => Promise<void>;
  readonly destroy: () => Promise<void>;
  readonly v86: {readonly cpu: {readonly devices: {readonly virtio_balloon: Balloon}}};
}
export type EmulatorClass = new (options: V86Options) => Emulator;

const DEFLATE_ON_OOM = 1 << 2;
const INFLATE_QUEUE = 0;
const DEFLATE_QUEUE = 1;
const MIB = 2 ** 20;

export const COMMAND_LINE = "console=ttyS0,115200 rdinit=/init tsc=reliable mitigations=off random.trust_cpu=on";

const optionsFor = (files: GuestFiles, memory: number): V86Options => ({
  wasm_fn: async (imports) => (await WebAssembly.instantiate(files.wasm, imports)).instance.exports,
  bios: {buffer: files.bios},
  bzimage: {buffer: files.kernel},
  initrd: {buffer: files.initramfs},
  cmdline: COMMAND_LINE,
  memory_size: memory * MIB,
  vga_memory_size: MIB,
  virtio_balloon: true,
  uart1: true,
  fastboot: true,
  autostart: false,
  disable_keyboard: true,
  disable_mouse: true,
  disable_speaker: true
});

/** Calls `then` with the 32-bit page frame numbers of every request of a queue. */
function listen(queue: Queue | undefined, then: (frame: number) => void): void {
  if (queue === undefined) throw new Error("the balloon device has no such queue");
  const pop = queue.pop_request.bind(queue);
  queue.pop_request = () => {
    const chain = pop();
    const next = chain.get_next_blob.bind(chain);
    chain.get_next_blob = (into) => {
      const length = next(into);
      new Uint32Array(into.slice().buffer).forEach((frame) => then(frame));
      return length;
    };
    return chain;
  };
}

/** Bytes to lines, without their ends. */
function lines(then: (line: string) => void): (byte: number) => void {
  let line = "";
  return (byte) => {
    if (byte !== 10) {
      line += String.fromCharCode(byte);
      return;
    }
    then(line.trimEnd());
    line = "";
  };
}

/** Starts a guest; ready when it runs, which is before its prompt appears. */
export function startGuest(V86: EmulatorClass, files: GuestFiles, {memory, deflateOnOom, onConsole, onRecord}: GuestOptions): Promise<Guest> {
  const emulator = new V86(optionsFor(files, memory));
  const frames = new Set<number>();
  emulator.add_listener("serial0-output-byte", (byte: number) => onConsole(String.fromCharCode(byte)));
  emulator.add_listener("serial1-output-byte", lines(onRecord));
  return new Promise((resolve) => {
    // Not emulator-ready, which comes later: by then the machine may have run without what is set here.
    emulator.add_listener("emulator-loaded", () => {
      const balloon = emulator.v86.cpu.devices.virtio_balloon;
      const {device_feature: features, queues} = balloon.virtio;
      if (deflateOnOom) features[0] = (features[0] ?? 0) | DEFLATE_ON_OOM;
      listen(queues[INFLATE_QUEUE], (frame) => frames.add(frame));
      listen(queues[DEFLATE_QUEUE], (frame) => frames.delete(frame));
      void emulator.run();
      resolve({
        type: (keys) => emulator.serial0_send(keys),
        ask: () => emulator.serial_send_bytes(1, new Uint8Array([10])),
        balloon: (pages) => balloon.Inflate(pages - balloon.num_pages),
        held: () => ({asked: balloon.num_pages, actual: balloon.actual}),
        frames: () => frames,
        stop: () => emulator.destroy()
      });
    });
  });
}
