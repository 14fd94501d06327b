import {useRef} from "preact/hooks";

/** Key presses closer together than this belong to one gesture and undo as one. */
const BURST_MS = 1000;
let gestures = 0;

export interface Gesture {
  /** A pointer goes down: whatever follows is a new gesture. */
  readonly start: (at: number) => void;
  /** The gesture that a step at this time belongs to. */
  readonly step: (at: number) => string;
}

export interface Held extends Gesture {
  /** The pointer is lifted. Until then a gesture goes on, however long it rests. */
  readonly end: () => void;
}

/** The gestures of one control, one after the other; times in ms. */
export function gesturesOf(name: string): Held {
  let [id, last, held] = ["", 0, false];
  const begin = (at: number): void => {
    id = `${name}-${++gestures}`;
    last = at;
  };
  return {
    start: (at) => {
      begin(at);
      held = true;
    },
    step: (at) => {
      if (id === "" || (!held && at - last > BURST_MS)) begin(at);
      last = at;
      return id;
    },
    end: () => {
      held = false;
    }
  };
}

/** Names the gesture a control's change belongs to, so that a drag or a burst of keys undoes as one. */
export function useGesture(name: string): Gesture {
  const kept = useRef<Held | null>(null);
  const {start, step, end} = (kept.current ??= gesturesOf(name));
  return {
    start: (at) => {
      start(at);
      // Wherever on the page it is lifted, the control's own drag is over.
      for (const type of ["pointerup", "pointercancel"]) addEventListener(type, end, {once: true, capture: true});
    },
    step
  };
}
