import {build} from "esbuild";
import {fileURLToPath} from "node:url";

/** The recorder as one classic script, to be run in a page before its own. */
export async function recorderSource(): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [fileURLToPath(new URL("./recorder.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild wrote no recorder");
  return file.text;
}
