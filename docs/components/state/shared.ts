import type {Setting} from "./page-state.ts";

/** The page's present setting, for the reader's cells: they come later, in a bundle of their own, and meet it in the document. */
interface Shared {
  setmemSetting?: Setting;
}

const EVENT = "setmem:setting";
const shared = (): Shared => document as Shared;

export function publish(setting: Setting): void {
  shared().setmemSetting = setting;
  document.dispatchEvent(new Event(EVENT));
}

/** Calls back now, if the page has a model, and at each change. */
export function follow(tell: (setting: Setting) => void): void {
  const now = (): void => {
    const {setmemSetting} = shared();
    if (setmemSetting !== undefined) tell(setmemSetting);
  };
  document.addEventListener(EVENT, now);
  now();
}
