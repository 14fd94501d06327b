import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {gunzipSync} from "node:zlib";
import {startGuest, type EmulatorClass, type Guest, type GuestFiles} from "../../../../docs/components/guest/machine.ts";
import {createSession, type Session} from "../../../../docs/components/guest/session.ts";

const bytes = (buffer: Buffer): ArrayBuffer => new Uint8Array(buffer).buffer;
const built = (name: string): ArrayBuffer => bytes(gunzipSync(readFileSync(`guest/built/${name}.gz`)));

export const v86Folder = dirname(createRequire(import.meta.url).resolve("v86"));

export const files = (): GuestFiles => ({wasm: bytes(readFileSync(join(v86Folder, "v86.wasm"))), bios: built("bios.bin"), kernel: built("kernel.bin"), initramfs: built("initramfs.cpio")});

export interface Booted {
  readonly guest: Guest;
  readonly session: Session;
}

/** Boots the real guest in this process, up to its first prompt. */
export async function boot(memory: number, deflateOnOom = false): Promise<Booted> {
  const name: string = "v86";
  const {V86} = (await import(name)) as {readonly V86: EmulatorClass};
  const port = {guest: null as Guest | null};
  const to = (): Guest => {
    if (port.guest === null) throw new Error("the guest has not started");
    return port.guest;
  };
  const session = createSession({type: (keys) => to().type(keys), ask: () => to().ask(), balloon: (pages) => to().balloon(pages)});
  port.guest = await startGuest(V86, files(), {memory, deflateOnOom, onConsole: session.heard, onRecord: (line) => session.recorded(line, to().held())});
  await session.prompt();
  return {guest: port.guest, session};
}
