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

/** Names the gesture a control's change belongs to, so that a drag or a burst of keys undoes as one. */
export function useGesture(name: string): Gesture {
  const current = useRef({id: "", last: 0});
  const start = (at: number): void => {
    current.current = {id: `${name}-${++gestures}`, last: at};
  };
  return {
    start,
    step: (at) => {
      if (current.current.id === "" || at - current.current.last > BURST_MS) start(at);
      current.current.last = at;
      return current.current.id;
    }
  };
}
