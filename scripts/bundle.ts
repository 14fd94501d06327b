import {readdirSync} from "node:fs";
import {build, context, type BuildContext, type BuildOptions} from "esbuild";

const ENTRIES = "docs/components/entry";

/** Every file of the folder is an entry of the same name. */
const entries = (folder: string): [string, string][] =>
  readdirSync(`${ENTRIES}/${folder}`).filter((name) => name.endsWith(".ts")).sort().map((name) => [folder + name.slice(0, -3), `${ENTRIES}/${folder}${name}`]);

/**
 * What browsers load: one file for the shell, one a page, and parts on demand.
 * Each is built by itself: shared chunks would be one for every set of pages that
 * have something in common, and a page would ask for a dozen of them.
 */
const browsers = (): BuildOptions[] => [...entries(""), ...entries("pages/")].map(([name, path]) => ({
  entryPoints: {[name]: path},
  outdir: "docs/lib",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning"
}));

/** The same figures and shell for the build, as one file that can be loaded afresh. */
const hook: BuildOptions = {
  entryPoints: {hook: "docs/components/build/hook.ts"},
  outdir: ".cache",
  outExtension: {".js": ".cjs"},
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  logLevel: "warning"
};

export async function bundle(): Promise<void> {
  await Promise.all([...browsers(), hook].map((options) => build(options)));
}

/** For the preview: rebuilds on every change until disposed of. */
export async function watch(): Promise<BuildContext[]> {
  const contexts = await Promise.all([...browsers(), hook].map((options) => context(options)));
  await Promise.all(contexts.map((c) => c.watch()));
  return contexts;
}
