import {deflateSync, strToU8} from "fflate";
import {toBase64Url} from "../../state/base64url.ts";
import type {Cell} from "../cell.ts";
import {readCells} from "../codec.ts";

/** The scripts and styles the one file holds. */
export interface Parts {
  readonly styles: string;
  /** The notebook's own code, complete. */
  readonly app: string;
  readonly model: string;
  readonly frame: string;
  readonly charts: string;
}

/** One page that needs nothing else: from a disk, without network. What runs in the frame is packed: it is most of the file. */
export function toSingleFile(cells: readonly Cell[], title: string, {styles, app, model, frame, charts}: Parts): string {
  const inner = `<!doctype html><meta charset="utf-8"><meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"><body><script>${inScript(model)}</script><script type="text/plain" data-charts>${inScript(charts)}</script><script>${inScript(frame)}</script>`;
  const packed = JSON.stringify(cells.map((cell) => [cell.id, cell.kind === "ts" ? 0 : 1, cell.code, cell.folded ? 1 : 0, cell.slot])).replace(/</g, "\\u003c");
  return `<!doctype html>
<html lang="en" class="js">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</title>
<style>${styles.replace(/<\/style/gi, "<\\/style")}</style>
</head>
<body>
<main id="observablehq-main" class="observablehq">
<h1>${title.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</h1>
<div class="cells notebook" data-cells="0" data-notebook></div>
<div id="live-summary" role="status" class="visually-hidden"></div>
</main>
<script type="application/json" id="setmem-cells">${packed}</script>
<script type="text/plain" id="setmem-frame">${toBase64Url(deflateSync(strToU8(inner), {level: 9}))}</script>
<script>${inScript(app)}</script>
</body>
</html>
`;
}

/** What would end a script element, written so that it does not; the same to JavaScript within strings. */
const inScript = (text: string): string => text.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--");

/** The cells of such a file. Throws `CellsProblem`. */
export function fromSingleFile(text: string): readonly Cell[] {
  const found = /<script type="application\/json" id="setmem-cells">([\s\S]*?)<\/script>/.exec(text);
  return readCells([], JSON.parse(found?.[1] ?? "null"));
}

export const isSingleFile = (text: string): boolean => text.includes('id="setmem-cells"');
