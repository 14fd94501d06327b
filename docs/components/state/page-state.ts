import {defaults, snap, type Params, type ParamTable} from "./params.ts";

/** Bumped when a link written by an older site would mean something else today. */
export const STATE_VERSION = 1;

/**
 * Everything about a page that the reader can change, as one value. The link,
 * the undo list and (later) local storage and exports are encoders of it.
 */
export interface PageState {
  readonly version: typeof STATE_VERSION;
  readonly params: Params;
}

export type Action =
  /** One gesture (a drag, a burst of key presses) shares one `gesture` and undoes as one. */
  | {readonly type: "set"; readonly name: string; readonly value: number; readonly gesture?: string}
  | {readonly type: "reset"};

export function initialState(table: ParamTable): PageState {
  return {version: STATE_VERSION, params: defaults(table)};
}

/** The one reducer. Returns the same object when nothing changed, so that callers can compare by identity. */
export function reduce(table: ParamTable, state: PageState, action: Action): PageState {
  switch (action.type) {
    case "set": {
      const param = table.find((p) => p.name === action.name);
      if (param === undefined || !Number.isFinite(action.value)) return state;
      const value = snap(param, action.value);
      return state.params[action.name] === value ? state : {...state, params: {...state.params, [action.name]: value}};
    }
    case "reset": {
      const initial = initialState(table);
      return isSame(state, initial) ? state : initial;
    }
  }
}

export function isSame(a: PageState, b: PageState): boolean {
  return Object.keys(b.params).every((name) => a.params[name] === b.params[name]);
}
