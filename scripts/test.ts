import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {ensureChromium} from "./chromium.ts";

/**
 * npm test: builds the site, then runs every test, in a real Chromium too.
 * `--quick` (npm run test:quick) leaves the site and the browser out. Other
 * arguments go to Vitest. The last line is `N passed, N failed`, for CI; the
 * two numbers also go to .cache/test-counts.
 */
const REPORT = ".cache/test-report.json";
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

/** A file that does not load has no tests of its own to fail, and counts as one. */
function counts(exit: number): {passed: number; failed: number} {
  if (!existsSync(REPORT)) return {passed: 0, failed: 1};
  const report = JSON.parse(readFileSync(REPORT, "utf8")) as Report;
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const failed = report.numFailedTests + broken;
  return {passed: report.numPassedTests, failed: exit !== 0 && failed === 0 ? 1 : failed};
}

/** Everything that needs no browser, no built site and no emulator, with fewer drawn cases. */
function quick(): {passed: number; failed: number} {
  const exit = node(["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--reporter=dot", "--reporter=json", `--outputFile.json=${REPORT}`, ...args], {SETMEM_CASES: "200"});
  return counts(exit);
}

function run(): {passed: number; failed: number} {
  const chrome = ensureChromium();
  console.log(`browser: ${chrome}`);
  if (node(["--import", "tsx", "scripts/build.ts"]) !== 0) return {passed: 0, failed: 1};
  const exit = node(["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`, ...args], {CHROME_PATH: chrome});
  return counts(exit);
}

mkdirSync(".cache", {recursive: true});
for (const file of [REPORT, COUNTS]) rmSync(file, {force: true});
const {passed, failed} = isQuick ? quick() : run();
writeFileSync(COUNTS, `${passed} ${failed}\n`);
if (process.env.SETMEM_CI === undefined) console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
