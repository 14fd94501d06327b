import {begin, push, redo, undo, type History} from "./history.ts";
import {initialState, isSame, reduce, type Action, type PageSpec, type PageState} from "./page-state.ts";

/** When subscribers run: the browser passes requestAnimationFrame, tests a queue of their own. */
export type Schedule = (run: () => void) => void;

export interface Store {
  readonly spec: PageSpec;
  state(): PageState;
  canUndo(): boolean;
  canRedo(): boolean;
  dispatch(action: Action): void;
  undo(): void;
  redo(): void;
  /** Replaces everything, history included: for a link that was opened. */
  load(state: PageState): void;
  /** Called at most once a frame, after the state has changed. */
  subscribe(listener: (state: PageState) => void): void;
}

export function createStore(spec: PageSpec, schedule: Schedule): Store {
  let history: History<PageState> = begin(initialState(spec));
  let scheduled = false;
  const listeners: ((state: PageState) => void)[] = [];
  const change = (next: History<PageState>): void => {
    if (next === history) return;
    history = next;
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      for (const listener of listeners) listener(history.present);
    });
  };
  return {
    spec,
    state: () => history.present,
    canUndo: () => history.past.length > 0,
    canRedo: () => history.future.length > 0,
    dispatch: (action) => change(push(history, reduce(spec, history.present, action), "gesture" in action ? (action.gesture ?? null) : null, isSame)),
    undo: () => change(undo(history)),
    redo: () => change(redo(history)),
    load: (state) => change(begin(state)),
    subscribe: (listener) => void listeners.push(listener)
  };
}
