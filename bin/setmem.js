#!/usr/bin/env node
// Bundles the command from its TypeScript sources and runs it: nothing to build first after `npm ci`.
import {fileURLToPath, pathToFileURL} from "node:url";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {buildSync} from "esbuild";

const {outputFiles} = buildSync({
  entryPoints: [fileURLToPath(new URL("../cli/main.ts", import.meta.url))],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // ajv is CommonJS and asks for its parts by `require`.
  banner: {js: 'import {createRequire as createRequireHere} from "node:module"; const require = createRequireHere(import.meta.url);'},
  outdir: "out",
  write: false
});

const folder = mkdtempSync(join(tmpdir(), "setmem-"));
try {
  const file = join(folder, "setmem.mjs");
  writeFileSync(file, outputFiles[0].contents);
  const {main} = await import(pathToFileURL(file).href);
  process.exitCode = main(process.argv.slice(2));
} finally {
  rmSync(folder, {recursive: true, force: true});
}
