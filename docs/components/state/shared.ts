import type {Setting} from "./page-state.ts";

/** The page's present setting, for the reader's cells: they come later, in a script of their own. */
let present: Setting | null = null;
const followers = new Set<(setting: Setting) => void>();

export function publish(setting: Setting): void {
  present = setting;
  for (const tell of followers) tell(setting);
}

/** Calls back now, if the page has a model, and at each change. */
export function follow(tell: (setting: Setting) => void): void {
  followers.add(tell);
  if (present !== null) tell(present);
}
