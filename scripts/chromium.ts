import {spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {delimiter, join} from "node:path";
import {pathToFileURL} from "node:url";
import {chromium} from "playwright-core";

/** For tests and measurements: no sandbox, as containers and root need it, and no calls home. */
export const LAUNCH_ARGS: readonly string[] = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"];

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** The Chromium or Chrome that CHROME_PATH names, or one found in the usual places. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.CHROME_PATH;
  if (named !== undefined && named !== "") {
    if (!runs(named)) throw new Error(`CHROME_PATH names ${named}, which is not a browser that starts`);
    return named;
  }
  return candidates(env).find(runs);
}

/** The same, after trying to install one where there is none. */
export function ensureChromium(): string {
  const found = findChromium() ?? install();
  if (found === undefined) {
    throw new Error(
      "The browser tests need Chromium or Chrome, and none was found or could be installed.\n" +
        "Install one (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask google-chrome;\n" +
        "anywhere: npx playwright-core install chromium) or set CHROME_PATH to its executable.\n" +
        "npm run test:quick runs everything that needs no browser."
    );
  }
  return found;
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  const onPath = (env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const usual = ["/usr/bin", "/usr/local/bin", "/opt/google/chrome", "/opt/homebrew/bin", "/usr/lib/chromium", "/snap/bin"].flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const mac = ["", env.HOME ?? ""].flatMap((home) => ["Google Chrome", "Chromium"].map((name) => `${home}/Applications/${name}.app/Contents/MacOS/${name}`));
  const windows = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [join(folder, "Google/Chrome/Application/chrome.exe"), join(folder, "Chromium/Application/chrome.exe")]);
  const os: Partial<Record<NodeJS.Platform, string[]>> = {darwin: [...mac, ...onPath], win32: windows};
  return [...(os[process.platform] ?? [...onPath, ...usual]), ownCache()].filter((path) => path !== "");
}

/** Where `npx playwright-core install chromium` puts it. */
function ownCache(): string {
  try {
    return chromium.executablePath();
  } catch {
    return "";
  }
}

/** A name alone proves nothing: on some systems it is a stub that asks for another package. */
function runs(path: string): boolean {
  if (!existsSync(path)) return false;
  if (process.platform === "win32") return true;
  return spawnSync(path, ["--version"], {timeout: 30_000, stdio: "ignore"}).status === 0;
}

function install(): string | undefined {
  console.log("no Chromium found: trying to install one");
  attempt("npx", ["--no-install", "playwright-core", "install", "chromium"]);
  const own = findChromium();
  if (own !== undefined || !isDebian() || process.getuid?.() !== 0) return own;
  attempt("apt-get", ["update"]);
  attempt("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
  return findChromium();
}

function attempt(command: string, args: readonly string[]): void {
  console.log(`$ ${command} ${args.join(" ")}`);
  spawnSync(command, args, {stdio: "inherit", timeout: 600_000, shell: process.platform === "win32"});
}

function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
}

const isMain = import.meta.url === pathToFileURL(process.argv[1] ?? "").href;
if (isMain) console.log(ensureChromium());
