import {build, type BuildOptions, type Plugin} from "esbuild";
import {mkdir, writeFile} from "node:fs/promises";
import {join, resolve} from "node:path";

const shared: BuildOptions = {bundle: true, format: "iife", target: "es2022", minify: true, legalComments: "none", logLevel: "warning"};

/** The frame's page: the only one of the site that may turn text into code. It can ask nothing of any network. */
export const framePage = (origin = "'self'"): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; script-src ${origin} 'unsafe-eval' 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="robots" content="noindex">
<title>Where cells run</title>
<body>
<script src="model.js"></script>
<script data-charts="charts.js" src="frame.js"></script>
</body>
</html>
`;

/** Writes `cells/` below the site: the frame, the model as a script, and what the one-file notebook is made of. */
export async function buildCells(dist: string): Promise<void> {
  const out = join(dist, "cells");
  await mkdir(out, {recursive: true});
  const charts: BuildOptions = {...shared, entryPoints: ["docs/components/notebook/frame/charts.ts"], outfile: join(out, "charts.js"), globalName: "setmemCharts"};
  await Promise.all([
    build({...shared, entryPoints: ["docs/components/notebook/scope-values.ts"], outfile: join(out, "model.js"), globalName: "setmem"}),
    build({...shared, entryPoints: ["docs/components/notebook/frame/main.ts"], outfile: join(out, "frame.js")}),
    build(charts),
    build({...shared, entryPoints: ["docs/components/notebook/standalone.ts"], outfile: join(out, "standalone.js"), plugins: [withoutExports]}),
    build({entryPoints: ["docs/style.css"], bundle: true, minify: true, outfile: join(out, "styles.css"), logLevel: "warning"}),
    writeFile(join(out, "cells.html"), framePage())
  ]);
}

/** The one-file notebook saves itself, and leaves out what only the site's exports need. */
const withoutExports: Plugin = {
  name: "without-exports",
  setup(within) {
    within.onResolve({filter: /\/files\.ts$/}, () => ({path: resolve("docs/components/notebook/files-standalone.ts")}));
  }
};
