import {build, context, type BuildContext, type BuildOptions} from "esbuild";

/** What browsers load: one entry for the shell, one a page with a model; shared code in chunks. */
const browser: BuildOptions = {
  entryPoints: {site: "docs/components/entry/site.ts", "pages/index": "docs/components/entry/pages/index.ts", "pages/qemu-kvm": "docs/components/entry/pages/qemu-kvm.ts", "pages/xen-pv": "docs/components/entry/pages/xen-pv.ts", "pages/xen-fv": "docs/components/entry/pages/xen-fv.ts", "pages/thread": "docs/components/entry/pages/thread.ts"},
  outdir: "docs/lib",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [
    {
      name: "notebook-apart",
      setup: (within) => within.onResolve({filter: /\/open\.tsx$/}, ({kind}) => (kind === "dynamic-import" ? {path: "./notebook/open.js", external: true} : undefined))
    }
  ]
};

/** The notebook apart from the pages, so that it adds no shared chunk to their first load. */
const notebook: BuildOptions = {...browser, entryPoints: {"notebook/open": "docs/components/notebook/open.tsx"}};

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
  await Promise.all([build(browser), build(notebook), build(hook)]);
}

/** For the preview: rebuilds on every change until disposed of. */
export async function watch(): Promise<BuildContext[]> {
  const contexts = await Promise.all([context(browser), context(notebook), context(hook)]);
  await Promise.all(contexts.map((c) => c.watch()));
  return contexts;
}
