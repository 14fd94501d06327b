import {render, type VNode} from "preact";
import {DataTable} from "../controls/table.tsx";
import type {FigureDef, PageDef} from "../pages/page.ts";
import {save, toCsv, toJson, toPng, toSvg} from "./export.ts";

/** Below each figure: its numbers and what can be taken away from it. Drawn when it is opened. */
export function mountExports<C>(page: PageDef<C>, computed: () => C): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-block="export"]')) {
    const name = element.dataset.figure ?? "";
    const figure = page.figures[name];
    const details = element.closest("details");
    if (figure === undefined || details === null) continue;
    const file = `setmem-${page.id}-${name}`;
    details.addEventListener("toggle", () => {
      if (details.open) render(<Menu figure={figure} computed={computed} svg={() => picture(name)} file={file} embed={embedCode(page.id, name)} />, element);
    });
  }
}

/** The layout that is on the screen. */
function picture(name: string): SVGSVGElement | null {
  const all = Array.from(document.querySelectorAll<SVGSVGElement>(`[data-figure="${name}"] > svg`));
  return all.find((svg) => svg.getBoundingClientRect().width > 0) ?? null;
}

const embedCode = (page: string, figure: string): string =>
  `<iframe src="${new URL(`embed/${page}-${figure}.html${location.hash}`, location.href).href}" width="680" height="460" title="setmem: ${figure}"></iframe>`;

interface MenuProps<C> {
  readonly figure: FigureDef<C>;
  readonly computed: () => C;
  readonly svg: () => SVGSVGElement | null;
  readonly file: string;
  readonly embed: string;
}

function Menu<C>({figure, computed, svg, file, embed}: MenuProps<C>): VNode {
  const text = (content: string, type: string): Blob => new Blob([content], {type});
  const withSvg = (use: (svg: SVGSVGElement) => void) => (): void => {
    const found = svg();
    if (found !== null) use(found);
  };
  return (
    <div class="export-inner">
      <div class="buttons">
        <button type="button" onClick={withSvg((s) => save(`${file}.svg`, text(toSvg(s), "image/svg+xml")))}>SVG</button>
        <button type="button" onClick={withSvg((s) => void toPng(s).then((png) => save(`${file}.png`, png)))}>PNG</button>
        <button type="button" onClick={() => save(`${file}.csv`, text(toCsv(figure.data(computed())), "text/csv"))}>CSV</button>
        <button type="button" onClick={() => save(`${file}.json`, text(toJson(figure.data(computed())), "application/json"))}>JSON</button>
      </div>
      <DataTable table={figure.moments(computed())} title={figure.title} />
      <label class="embed">To embed the figure in this state<input type="text" readOnly value={embed} onFocus={(event) => event.currentTarget.select()} /></label>
    </div>
  );
}
