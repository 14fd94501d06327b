import {spawn} from "node:child_process";
import {mkdir} from "node:fs/promises";

/**
 * Framework asks a registry for the versions of every library its client could
 * ever load, used or not. Its cache of the answers is just directory names, so
 * empty directories make the build offline and its hashes independent of what
 * others publish. Nothing of them is served: scripts/finish.ts drops the client.
 */
const NEVER_LOADED = [
  "react-dom@0.0.0", "react@0.0.0", "lodash@0.0.0", "arquero@0.0.0", "apache-arrow@0.0.0", "d3@0.0.0", "echarts@0.0.0", "htl@0.0.0",
  "leaflet@0.0.0", "mapbox-gl@0.0.0", "@observablehq/plot@0.0.0", "topojson-client@0.0.0", "@observablehq/sample-datasets@0.0.0",
  "d3-dsv@0.0.0", "parquet-wasm@0.0.0"
];

export async function seedCache(root: string): Promise<void> {
  await Promise.all(NEVER_LOADED.map((name) => mkdir(`${root}/.observablehq/cache/_npm/${name}`, {recursive: true})));
}

/** Said of every link that carries a state in its fragment; test/site checks all links itself. */
const NOT_NEWS = /broken links? \(|^\S*↳/;

export function framework(args: readonly string[], cwd = "."): Promise<void> {
  const quiet = process.env.SETMEM_VERBOSE === undefined && args[0] === "build";
  const child = spawn("npx", ["--no-install", "observable", ...args], {
    cwd,
    stdio: ["inherit", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
    env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"}
  });
  child.stdout?.resume();
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    const news = text.split("\n").filter((line) => line.trim() !== "" && !NOT_NEWS.test(line));
    if (news.length > 0) process.stderr.write(`${news.join("\n")}\n`);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`observable ${args.join(" ")} exited with ${code ?? "a signal"}`))));
  });
}
