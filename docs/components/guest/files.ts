/** What Start fetches, in one folder beside the page; compressed, so that a host that compresses nothing serves no more. */
export const FILES = {
  emulator: "libv86.mjs.gz",
  wasm: "v86.wasm.gz",
  bios: "bios.bin.gz",
  kernel: "kernel.bin.gz",
  initramfs: "initramfs.cpio.gz"
} as const;
export type FileName = keyof typeof FILES;

/** Hosts that know .gz may inflate on the way: what arrives is looked at, not its name. */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  if (!isGzip(bytes)) return bytes.buffer;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Fetches a file and inflates it; `arrived` hears of each piece on the wire. */
export async function fetchFile(folder: string, name: FileName, arrived: (bytes: number) => void): Promise<ArrayBuffer> {
  const response = await fetch(new URL(FILES[name], folder));
  if (!response.ok || response.body === null) throw new Error(`${FILES[name]}: the server answered ${response.status}`);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    parts.push(piece.value);
    arrived(piece.value.length);
  }
  return inflate(new Uint8Array(await new Blob(parts).arrayBuffer()));
}
