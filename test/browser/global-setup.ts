import {existsSync} from "node:fs";
import type {TestProject} from "vitest/node";
import {ensureChromium} from "../../scripts/chromium.ts";
import {serve} from "../../scripts/server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The site under a path, as many hosts have it. */
    readonly site: string;
    /** The same site at the root of a host: that is where the page for lost addresses of a plain build belongs. */
    readonly root: string;
    /** The Chromium to launch: one for each worker, since a connection through a server costs as much as the tests. */
    readonly browser: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync("dist/index.html")) throw new Error("no dist/: run npm run build first, or npm test, which does");
  const [server, root] = await Promise.all([serve("dist", {base: "/some/where/"}), serve("dist")]);
  project.provide("site", server.url);
  project.provide("root", root.url);
  project.provide("browser", ensureChromium());
  return async () => {
    await Promise.all([server.close(), root.close()]);
  };
}
