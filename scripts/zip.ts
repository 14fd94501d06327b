import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {zipSync, type Zippable} from "fflate";

/** Beside the pages; the notebook's page has a link to it. */
export const SITE_ZIP = "setmem-site.zip";

/** The earliest time a zip can hold, as fflate reads it: local, so that every time zone writes the same bytes. */
const THEN = new Date(1980, 0, 1);

const README = `setmem, the whole site, for a room without network.

Browsers do not run a site's modules from files, so serve this folder:

    python3 -m http.server 8000

and open http://localhost:8000/ in any browser. Nothing is fetched from elsewhere.
To hand somebody one file instead, use "Save as one page" on the page Notebook.
`;

/** What is compressed already is only stored. */
const PACKED = /\.(gz|png|zip)$/;

/** Puts all of the site into one archive below it; the same bytes for the same files. */
export function zipSite(dist: string): void {
  const names = readdirSync(dist, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1).replaceAll("\\", "/"));
  const files: Zippable = {"setmem/README.txt": [new TextEncoder().encode(README), {level: 9, mtime: THEN}]};
  for (const name of names.filter((one) => one !== SITE_ZIP).sort()) files[`setmem/${name}`] = [readFileSync(join(dist, name)), {level: PACKED.test(name) ? 0 : 9, mtime: THEN}];
  writeFileSync(join(dist, SITE_ZIP), zipSync(files));
}
