import {cp, mkdir, rm} from "node:fs/promises";
import {framework, seedCache} from "../framework.ts";

const SOURCE = "bench/baseline";
const COPY = ".cache/bench-baseline";

/** Builds the plain Framework and Plot page, in a copy so that the sources stay clean; returns its folder. */
export async function buildBaseline(): Promise<string> {
  await rm(COPY, {recursive: true, force: true});
  await mkdir(COPY, {recursive: true});
  await cp(SOURCE, COPY, {recursive: true});
  await seedCache(`${COPY}/src`);
  await framework(["build"], COPY);
  return `${COPY}/dist`;
}
