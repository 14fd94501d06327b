/** Undo and redo over whole states. A gesture's later steps replace its first, so a drag undoes as one. */
export interface History<S> {
  readonly past: readonly S[];
  readonly present: S;
  readonly future: readonly S[];
  /** The gesture the present state belongs to, while it may still grow. */
  readonly gesture: string | null;
}

const LIMIT = 200;

export const begin = <S>(present: S): History<S> => ({past: [], present, future: [], gesture: null});

export function push<S>(history: History<S>, next: S, gesture: string | null, same: (a: S, b: S) => boolean = Object.is): History<S> {
  if (next === history.present) return history;
  const continues = gesture !== null && gesture === history.gesture;
  const before = history.past.at(-1);
  // A drag that came back to where it began leaves no step that would undo nothing.
  if (continues && before !== undefined && same(before, next)) return {past: history.past.slice(0, -1), present: before, future: [], gesture: null};
  const past = continues ? history.past : [...history.past, history.present].slice(-LIMIT);
  return {past, present: next, future: [], gesture};
}

export function undo<S>(history: History<S>): History<S> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    gesture: null
  };
}

export function redo<S>(history: History<S>): History<S> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return {past: [...history.past, history.present], present: next, future, gesture: null};
}
