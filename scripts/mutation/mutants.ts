import {Instrumenter} from "@stryker-mutator/instrumenter";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";

/** One small change to the code, switched on by its id. */
export interface Mutant {
  readonly id: string;
  /** Path from the root of the sources. */
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly replacement: string;
}

const silent = (): void => undefined;
const logger = {
  isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false, isWarnEnabled: () => false, isErrorEnabled: () => false, isFatalEnabled: () => false,
  trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent
};

interface Syntax {
  readonly parent?: {readonly type: string; readonly callee?: {readonly name?: string}};
  readonly listKey?: string;
  readonly key?: string | number;
  readonly node?: {readonly type: string; readonly properties?: readonly {readonly key?: {readonly name?: string}}[]};
}

const isSource = ({node}: Syntax): boolean => node?.properties?.some(({key}) => key?.name === "grade") === true;
/** The second argument of `sourced(value, source)`, however it is written. */
const isSourceOf = ({parent, listKey, key}: Syntax): boolean => parent?.type === "CallExpression" && parent.callee?.name === "sourced" && listKey === "arguments" && key === 1;

/** A `Source` says where a number comes from: its words are for people, and no test could tell them from others. */
const provenance = {shouldIgnore: (path: Syntax): string | undefined => (isSource(path) || isSourceOf(path) ? "says where a number comes from" : undefined)};

/**
 * Rewrites the files below `root` so that every mutant is in them, each behind
 * a switch that `__STRYKER_ACTIVE_MUTANT__` in the environment turns on: the
 * sources are written once, and a mutant costs one run of the tests.
 */
export async function instrument(root: string, files: readonly string[]): Promise<Mutant[]> {
  const sources = files.map((file) => ({name: join(root, file), content: readFileSync(join(root, file), "utf8"), mutate: true}));
  const {files: written, mutants} = await new Instrumenter(logger).instrument(sources, {plugins: null, excludedMutations: [], noHeader: false, ignorers: [provenance]});
  for (const {name, content} of written) writeFileSync(name, content);
  return mutants.filter(({status}) => status === undefined).map((mutant) => ({
    id: mutant.id, file: mutant.fileName.slice(root.length + 1), line: mutant.location.start.line + 1, name: mutant.mutatorName, replacement: mutant.replacement
  }));
}
