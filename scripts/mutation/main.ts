import {spawn} from "node:child_process";
import {cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {availableParallelism} from "node:os";
import {dirname, join, resolve} from "node:path";
import {readCoverage, RECORDER} from "./coverage.ts";
import {instrument, type Mutant} from "./mutants.ts";
import {interval, sample} from "./sample.ts";

/**
 * npm run mutation -- [--sample N] [--seed S] [--jobs J] [FOLDER...]
 *
 * The share of small changes to the model that its tests notice. Each mutant is
 * a process of its own, so that nothing of one run reaches the next: first the
 * tests of its folder that run its code, then the model's other tests that do. With `--sample` as many are
 * drawn at random from each folder, and the share is given with its 95 % interval;
 * without, every mutant is run, which takes hours. Exit 1 below 90 %.
 */
const FOLDERS = ["src/guest", "src/host", "src/control"];
const LEAST = 0.9;
const SANDBOX = resolve(".cache/mutation");
const REPORT = "reports/mutation.json";
const SECONDS = 120;

interface Options {
  readonly folders: readonly string[];
  readonly count: number;
  readonly seed: number;
  readonly jobs: number;
}

interface Outcome {
  readonly mutant: Mutant;
  readonly killed: boolean;
}

function options(argv: readonly string[]): Options {
  const value = (name: string, standard: number): number => {
    const at = argv.indexOf(`--${name}`);
    return at < 0 ? standard : Number(argv[at + 1]);
  };
  const folders = argv.filter((arg, i) => !arg.startsWith("--") && !(argv[i - 1] ?? "").startsWith("--"));
  return {folders: folders.length > 0 ? folders : FOLDERS, count: value("sample", Infinity), seed: value("seed", 1), jobs: value("jobs", Math.max(1, availableParallelism() - 1))};
}

/** A copy of what the tests need, whose sources may be rewritten. */
function sandbox(): void {
  rmSync(SANDBOX, {recursive: true, force: true});
  mkdirSync(SANDBOX, {recursive: true});
  for (const part of ["src", "cli", "data", "test", "package.json", "tsconfig.json"]) cpSync(part, join(SANDBOX, part), {recursive: true});
  symlinkSync(resolve("node_modules"), join(SANDBOX, "node_modules"));
  const tests = `include: ["test/{guest,host,control,policy,simulation,check,views,domain}/**/*.test.ts"], testTimeout: 60000`;
  writeFileSync(join(SANDBOX, "vitest.config.ts"), `export default {test: {${tests}, isolate: false, fileParallelism: false}};\n`);
  writeFileSync(join(SANDBOX, "coverage.config.ts"), `export default {test: {${tests}, pool: "forks", setupFiles: ["./recorder.ts"]}};\n`);
  writeFileSync(join(SANDBOX, "recorder.ts"), RECORDER);
}

const filesBelow = (folder: string): string[] => readdirSync(folder, {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));

/** True when the tests pass; a run that does not end has noticed too. The whole group is ended: a loop runs in a worker's process. */
function passes(paths: readonly string[], id: string, seconds = SECONDS): Promise<boolean> {
  const env = {...process.env, SETMEM_CASES: "40", ...(id === "" ? {} : {__STRYKER_ACTIVE_MUTANT__: id})};
  const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--bail=1", "--reporter=dot", ...paths], {cwd: SANDBOX, env, stdio: "ignore", detached: true});
  const end = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, seconds * 1000);
  return new Promise((done) => child.on("close", (status) => {
    clearTimeout(end);
    done(status === 0);
  }));
}

/** The tests that run a mutant's code, its folder's first, as they are the likeliest to notice; a mutant that no test runs survives. */
async function survives(mutant: Mutant, tests: readonly string[]): Promise<boolean> {
  const folder = `${dirname(mutant.file).replace(/^src/, "test")}/`;
  const groups = [tests.filter((test) => test.startsWith(folder)), tests.filter((test) => !test.startsWith(folder))];
  for (const group of groups) if (group.length > 0 && !(await passes(group, mutant.id))) return false;
  return true;
}

async function runAll(mutants: readonly Mutant[], tests: ReadonlyMap<string, readonly string[]>, jobs: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = [...mutants];
  const worker = async (): Promise<void> => {
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const killed = !(await survives(mutant, tests.get(mutant.id) ?? []));
      outcomes.push({mutant, killed});
      if (!killed) console.log(`survived: ${mutant.file}:${mutant.line} ${mutant.name} ${mutant.replacement.replace(/\s+/g, " ").slice(0, 100)}`);
      if (outcomes.length % 25 === 0) process.stderr.write(`${outcomes.length} of ${mutants.length}\n`);
    }
  };
  await Promise.all(Array.from({length: jobs}, worker));
  return outcomes;
}

function report(folder: string, outcomes: readonly Outcome[], population: number): number {
  const killed = outcomes.filter((outcome) => outcome.killed).length;
  const [low, high] = interval(killed, outcomes.length, population);
  const percent = (share: number): string => (100 * share).toFixed(1);
  console.log(`${folder}: ${killed} of ${outcomes.length} noticed, ${percent(killed / outcomes.length)} % (95 %: ${percent(low)} to ${percent(high)}), of ${population} mutants`);
  return killed / outcomes.length;
}

async function main(): Promise<number> {
  const {folders, count, seed, jobs} = options(process.argv.slice(2));
  sandbox();
  const mutants = await instrument(SANDBOX, folders.flatMap(filesBelow));
  if (!(await passes(["--config", "coverage.config.ts"], "", 10 * SECONDS))) throw new Error("the tests fail without a mutant: nothing can be measured");
  const tests = readCoverage(SANDBOX);
  const shares: number[] = [];
  const all: Outcome[] = [];
  for (const folder of folders) {
    const own = mutants.filter(({file}) => file.startsWith(`${folder}/`));
    const outcomes = await runAll(sample(own, count, seed), tests, jobs);
    all.push(...outcomes);
    shares.push(report(folder, outcomes, own.length));
  }
  mkdirSync(dirname(REPORT), {recursive: true});
  writeFileSync(REPORT, `${JSON.stringify(all, null, 1)}\n`);
  return shares.every((share) => share >= LEAST) ? 0 : 1;
}

process.exitCode = await main();
