import type {Cell} from "./cell.ts";
import {fromIpynb, toIpynb} from "./exports/ipynb.ts";
import {fromKit, toKit} from "./exports/kit.ts";
import {fromSingleFile, isSingleFile, toSingleFile} from "./exports/single-file.ts";

/** Scripts of the frame and the whole notebook, as the build wrote them. */
async function part(root: URL, name: string): Promise<string> {
  const response = await fetch(new URL(`cells/${name}`, root));
  if (!response.ok) throw new Error(`${name} could not be loaded`);
  return response.text();
}

async function textOf(kind: "ipynb" | "kit" | "html", cells: readonly Cell[], page: string, root: URL): Promise<string> {
  const title = `setmem: ${page}`;
  if (kind === "kit") return toKit(cells, title);
  if (kind === "ipynb") return toIpynb(cells, await part(root, "model.js"), {});
  const [styles, app, model, frame, charts] = await Promise.all(["styles.css", "standalone.js", "model.js", "frame.js", "charts.js"].map((name) => part(root, name)));
  return toSingleFile(cells, title, {styles: styles ?? "", app: app ?? "", model: model ?? "", frame: frame ?? "", charts: charts ?? ""});
}

const NAMES = {ipynb: [".ipynb", "application/x-ipynb+json"], kit: [".notebook.html", "text/html"], html: [".html", "text/html"]} as const;

/** Hands the reader a file; returns what to say. */
export async function saveAs(kind: "ipynb" | "kit" | "html", cells: readonly Cell[], page: string, root: URL): Promise<string> {
  const [ending, type] = NAMES[kind];
  const link = document.createElement("a");
  const name = `setmem-${page}${ending}`;
  link.href = URL.createObjectURL(new Blob([await textOf(kind, cells, page, root)], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return `Saved ${name}.`;
}

/** Cells of any file we write. Throws `CellsProblem`. */
export function readFile(text: string): readonly Cell[] {
  if (isSingleFile(text)) return fromSingleFile(text);
  return /^\s*\{/.test(text) ? fromIpynb(text) : fromKit(text);
}
