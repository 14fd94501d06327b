import {existsSync} from "node:fs";
import {chromium} from "playwright-core";
import type {TestProject} from "vitest/node";
import {ensureChromium, LAUNCH_ARGS} from "../../scripts/chromium.ts";
import {serve} from "../../scripts/server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the site's front page folder is; under a path, as many hosts have it. */
    readonly site: string;
    readonly browser: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync("dist/index.html")) throw new Error("no dist/: run npm run build first, or npm test, which does");
  const server = await serve("dist", {base: "/some/where/"});
  const browser = await chromium.launchServer({executablePath: ensureChromium(), args: [...LAUNCH_ARGS]});
  project.provide("site", server.url);
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await server.close();
  };
}
