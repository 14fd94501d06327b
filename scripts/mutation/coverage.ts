import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";

/** Where the run without a mutant leaves, for each file of tests, the mutants it came across. */
export const COVERAGE = "coverage";

/**
 * Written into the sandbox as a set-up file: after a file of tests, the ids of the mutants
 * whose code it has run. Each file has to be a process of its own, so that what runs while
 * a module loads counts for each of them.
 */
export const RECORDER = `import {mkdirSync, writeFileSync} from "node:fs";
import {relative} from "node:path";
import {afterAll, expect} from "vitest";
afterAll(() => {
  const file = relative(process.cwd(), expect.getState().testPath);
  const met = globalThis.__stryker__?.mutantCoverage?.static ?? {};
  mkdirSync("${COVERAGE}", {recursive: true});
  writeFileSync("${COVERAGE}/" + file.replaceAll("/", "+") + ".json", JSON.stringify({file, ids: Object.keys(met)}));
});
`;

interface Met {
  readonly file: string;
  readonly ids: readonly string[];
}

/** The files of tests that run a mutant's code, by the mutant's id: no other can notice it. */
export function readCoverage(sandbox: string): ReadonlyMap<string, readonly string[]> {
  const folder = join(sandbox, COVERAGE);
  const files = new Map<string, string[]>();
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const {file, ids} = JSON.parse(readFileSync(join(folder, name), "utf8")) as Met;
    for (const id of ids) files.set(id, [...(files.get(id) ?? []), file]);
  }
  return files;
}
