import type {PageDef} from "../pages/page.ts";
import {drawNear, type Near, type Redrawn} from "./near.ts";

/** The numbers in the prose follow the state. */
export function mountNumbers<C>(page: PageDef<C>, latest: () => C): Near {
  return drawNear(Array.from(document.querySelectorAll<HTMLDataElement>("data[data-number]")).flatMap((element): Redrawn[] => {
    const read = page.numbers[element.dataset.number ?? ""];
    return read === undefined ? [] : [{element, redraw: () => write(element, read(latest()))}];
  }));
}

/** The value can change where its rounded text does not. */
function write(element: HTMLDataElement, {value, text}: {readonly value: number; readonly text: string}): void {
  if (element.value !== String(value)) element.value = String(value);
  if (element.textContent !== text) element.textContent = text;
}
