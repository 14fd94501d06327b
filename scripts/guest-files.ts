import {build} from "esbuild";
import {copyFile, mkdir, readFile, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {gzipSync} from "node:zlib";

/** Beside the pages, under names of their own: the page's worker fetches them on Start, nothing links to them. */
export const GUEST_FILES = "guest-files";
const BUILT = ["bios.bin.gz", "kernel.bin.gz", "initramfs.cpio.gz"] as const;
const EMULATOR = ["libv86.mjs", "v86.wasm"] as const;

/** The same bytes wherever it is built: zlib writes no time and no name. */
const compressed = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, {level: 9});

/** What the page `guest` fetches on Start: the worker, the emulator and the guest, compressed in advance. */
export async function guestFiles(dist: string): Promise<void> {
  const out = join(dist, GUEST_FILES);
  const v86 = dirname(createRequire(import.meta.url).resolve("v86"));
  await mkdir(out, {recursive: true});
  await Promise.all([
    ...BUILT.map((name) => copyFile(join("guest/built", name), join(out, name))),
    ...EMULATOR.map(async (name) => writeFile(join(out, `${name}.gz`), compressed(await readFile(join(v86, name))))),
    build({entryPoints: ["docs/components/guest/worker.ts"], outfile: join(out, "worker.js"), bundle: true, format: "esm", target: "es2022", minify: true, legalComments: "none", logLevel: "warning"})
  ]);
}
