import {existsSync} from "node:fs";
import {createServer} from "node:net";
import {chromium, type Browser, type Page} from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

function executable(): string {
  const found = [process.env.CHROMIUM ?? "", ...PLACES].find((path) => path !== "" && existsSync(path));
  if (found === undefined) throw new Error("no Chromium found: install one, or set CHROMIUM to its path");
  return found;
}

export const launch = (args: readonly string[] = []): Promise<Browser> => chromium.launch({executablePath: executable(), args: ["--no-sandbox", ...args]});

/** Runs `use` with a browser of its own, closed afterwards whatever happens. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>, args: readonly string[] = []): Promise<T> {
  const browser = await launch(args);
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Runs `use` with a page in a fresh profile, `script` running in it before its own. */
export async function withPage<T>(browser: Browser, script: string, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}});
  try {
    await context.addInitScript({content: script});
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** A port that was free a moment ago, for tools that must be told one. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no free port"))));
    });
  });
}
