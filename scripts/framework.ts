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

export function framework(args: readonly string[], cwd = "."): Promise<void> {
  const child = spawn("npx", ["--no-install", "observable", ...args], {
    cwd,
    stdio: ["inherit", process.env.SETMEM_VERBOSE === undefined && args[0] === "build" ? "ignore" : "inherit", "inherit"],
    env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"}
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`observable ${args.join(" ")} exited with ${code ?? "a signal"}`))));
  });
}
