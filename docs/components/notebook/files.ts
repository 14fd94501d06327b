import type {Cell} from "./cell.ts";
import {hand, type FileKind} from "./hand.ts";
import {fromIpynb, toIpynb} from "./exports/ipynb.ts";
import {fromKit, toKit} from "./exports/kit.ts";
import {fromScenario, isScenario} from "./exports/scenario.ts";
import {fromSingleFile, isSingleFile, toSingleFile} from "./exports/single-file.ts";

/** Scripts of the frame and the whole notebook, as the build wrote them. */
async function part(root: URL, name: string): Promise<string> {
  const response = await fetch(new URL(`cells/${name}`, root));
  if (!response.ok) throw new Error(`${name} could not be loaded`);
  return response.text();
}

async function textOf(kind: FileKind, cells: readonly Cell[], page: string, root: URL): Promise<string> {
  const title = `setmem: ${page}`;
  if (kind === "kit") return toKit(cells, title);
  if (kind === "ipynb") return toIpynb(cells, await part(root, "model.js"), {});
  // Plot, d3 and Inputs are a third of the file: only where a cell names one of them.
  const draws = cells.some(({code}) => /\b(Plot|d3|Inputs|html|svg)\b/.test(code));
  const [styles, app, model, frame, charts] = await Promise.all(["styles.css", "standalone.js", "model.js", "frame.js", ...(draws ? ["charts.js"] : [])].map((name) => part(root, name)));
  return toSingleFile(cells, title, {styles: styles ?? "", app: app ?? "", model: model ?? "", frame: frame ?? "", charts: charts ?? ""});
}

/** Hands the reader a file; returns what to say. */
export async function saveAs(kind: FileKind, cells: readonly Cell[], page: string, root: URL): Promise<string> {
  return hand(kind, page, await textOf(kind, cells, page, root));
}

/** Cells of any file we write, and of a scenario. Throws `CellsProblem`. */
export function readFile(text: string): readonly Cell[] {
  if (isScenario(text)) return fromScenario(text);
  if (isSingleFile(text)) return fromSingleFile(text);
  return /^\s*\{/.test(text) ? fromIpynb(text) : fromKit(text);
}
