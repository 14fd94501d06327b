import {execFileSync} from "node:child_process";
import {createHash} from "node:crypto";
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, relative, resolve} from "node:path";

/**
 * Builds the last commit from two clones, in folders of different names and
 * depth, in different time zones and languages, and compares dist byte by byte.
 */
const CLONES = [
  {folder: "a", env: {TZ: "UTC", LANG: "C"}},
  {folder: join("another", "clone with a longer name"), env: {TZ: "Pacific/Auckland", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8"}}
];

/** Hard links where the system has them: the folders are real ones, and no bytes are copied. */
function copyModules(to: string): void {
  try {
    execFileSync("cp", ["-al", resolve("node_modules") + "/.", to], {stdio: "ignore"});
  } catch {
    cpSync(resolve("node_modules"), to, {recursive: true, dereference: true});
  }
}

function buildClone(root: string, {folder, env}: (typeof CLONES)[number]): string {
  const clone = join(root, folder);
  execFileSync("git", ["clone", "--quiet", "--no-hardlinks", resolve("."), clone], {stdio: "inherit"});
  copyModules(join(clone, "node_modules"));
  execFileSync(process.execPath, ["--import", "tsx", "scripts/build.ts"], {cwd: clone, stdio: ["ignore", "ignore", "inherit"], env: {...process.env, ...env}});
  return join(clone, "dist");
}

function hashes(dist: string): Map<string, string> {
  const files = readdirSync(dist, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [relative(dist, file), createHash("sha256").update(readFileSync(file)).digest("hex")]));
}

function differences(a: Map<string, string>, b: Map<string, string>): string[] {
  return Array.from(new Set([...a.keys(), ...b.keys()])).filter((name) => a.get(name) !== b.get(name));
}

if (execFileSync("git", ["status", "--porcelain"]).length > 0) console.log("note: compares the last commit, without your uncommitted changes");
const root = mkdtempSync(join(tmpdir(), "setmem-"));
try {
  const [a, b] = CLONES.map((clone) => hashes(buildClone(root, clone)));
  if (a === undefined || b === undefined || a.size === 0) throw new Error("nothing was built");
  const different = differences(a, b);
  for (const name of different) console.error(`differs: ${name}`);
  console.log(different.length === 0 ? `reproducible: ${a.size} files, the same bytes from two clones` : `not reproducible: ${different.length} of ${a.size} files differ`);
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  rmSync(root, {recursive: true, force: true});
}
