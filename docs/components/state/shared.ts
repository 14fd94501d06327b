import type {Inputs} from "../notebook/inputs.ts";

/** What the page gives the reader's cells now: they come later, in a bundle of their own, and meet it in the document. */
interface Shared {
  setmemInputs?: () => Inputs;
}

const EVENT = "setmem:setting";
const shared = (): Shared => document as Shared;

export function publish(inputs: () => Inputs): void {
  shared().setmemInputs = inputs;
  document.dispatchEvent(new Event(EVENT));
}

/** What the page gives its cells now; null where it has no model. */
export const present = (): Inputs | null => shared().setmemInputs?.() ?? null;

/** Calls back now, if the page has a model, and at each change. */
export function follow(tell: (inputs: Inputs) => void): void {
  const now = (): void => {
    const inputs = present();
    if (inputs !== null) tell(inputs);
  };
  document.addEventListener(EVENT, now);
  now();
}
