import type {Cell} from "./cell.ts";

/** The places of a page's cells. */
export const places = (): HTMLElement[] => Array.from(document.querySelectorAll<HTMLElement>("[data-cells]"));

/** The page's own cells as the build wrote them: the text the reader sees is the text that runs. */
export function ownCells(): Cell[] {
  return places().flatMap((place, slot) => Array.from(place.querySelectorAll<HTMLElement>("[data-cell]"), (cell): Cell => ({
    id: cell.dataset.cell ?? "", kind: "ts", code: cell.querySelector("pre")?.textContent ?? "", folded: false, slot
  })));
}
