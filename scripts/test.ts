import {spawn, spawnSync} from "node:child_process";
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {ensureChromium} from "./chromium.ts";

/**
 * npm test: builds the site, then runs every test, in a real Chromium too.
 * `--quick` (npm run test:quick) leaves the site and the browser out. Other
 * arguments go to Vitest. The last line is `N passed, N failed`, for CI; the
 * two numbers also go to .cache/test-counts.
 */
const REPORT = ".cache/test-report.json";
const GUEST_REPORT = ".cache/guest-report.json";
const COUNTS = ".cache/test-counts";
const isQuick = process.argv.includes("--quick");
const args = process.argv.slice(2).filter((arg) => arg !== "--quick");

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {readonly status: string; readonly assertionResults: readonly unknown[]}[];
}

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  return spawnSync(process.execPath, args, {stdio: "inherit", env: {...process.env, ...env}}).status ?? 1;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** A file that does not load has no tests of its own to fail, and counts as one. */
function counts(exit: number, file = REPORT): Counts {
  if (!existsSync(file)) return {passed: 0, failed: 1};
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  const broken = report.testResults.filter((one) => one.status === "failed" && one.assertionResults.length === 0).length;
  const failed = report.numFailedTests + broken;
  return {passed: report.numPassedTests, failed: exit !== 0 && failed === 0 ? 1 : failed};
}

/** Everything that needs no browser, no built site and no emulator, with fewer drawn cases. */
function quick(): Counts {
  const exit = node(["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--reporter=dot", "--reporter=json", `--outputFile.json=${REPORT}`, ...args], {SETMEM_CASES: "200"});
  return counts(exit);
}

const vitest = (report: string, ...more: readonly string[]): string[] => ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...more, ...args];

/** The tests of the real Linux take one processor and no site: they run beside the build. What they say comes last. */
function guestTests(): Promise<Counts> {
  const child = spawn(process.execPath, vitest(GUEST_REPORT, "--project", "guest"), {stdio: ["ignore", "pipe", "pipe"]});
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => said.push(part));
  return new Promise((resolve) => child.on("close", (code) => {
    process.stdout.write(Buffer.concat(said));
    resolve(counts(code ?? 1, GUEST_REPORT));
  }));
}

async function run(): Promise<Counts> {
  const chrome = ensureChromium();
  console.log(`browser: ${chrome}`);
  // Whoever names tests gets them from one run.
  const apart = args.length === 0;
  const guest = apart ? guestTests() : Promise.resolve({passed: 0, failed: 0});
  const built = node(["--import", "tsx", "scripts/build.ts"]) === 0;
  const rest = built ? counts(node(vitest(REPORT, ...(apart ? ["--project", "unit", "--project", "site"] : [])), {CHROME_PATH: chrome})) : {passed: 0, failed: 1};
  const {passed, failed} = await guest;
  return {passed: rest.passed + passed, failed: rest.failed + failed};
}

mkdirSync(".cache", {recursive: true});
for (const file of [REPORT, GUEST_REPORT, COUNTS]) rmSync(file, {force: true});
const {passed, failed} = isQuick ? quick() : await run();
writeFileSync(COUNTS, `${passed} ${failed}\n`);
if (process.env.SETMEM_CI === undefined) console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
