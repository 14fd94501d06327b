import type {Store} from "../state/store.ts";

/** Time that runs by itself: the browser's clock drives the state's time, and nothing else knows of clocks. */
export interface Player {
  readonly playing: () => boolean;
  readonly speed: () => number;
  readonly loop: () => boolean;
  readonly toggle: () => void;
  readonly step: (direction: 1 | -1) => void;
  readonly setSpeed: (speed: number) => void;
  readonly setLoop: (loop: boolean) => void;
}

let runs = 0;

export function createPlayer(store: Store, changed: () => void): Player {
  const range = store.spec.params.find((p) => p.name === "time");
  const [max, step] = range !== undefined && "max" in range ? [range.max, range.step] : [0, 1];
  let running = false;
  let speed = 1;
  let loop = false;
  const time = (): number => store.state().params.time ?? 0;
  const play = (): void => {
    const gesture = `play-${++runs}`;
    let exact = time() >= max ? 0 : time();
    let last: number | null = null;
    let shown = time();
    const frame = (t: number): void => {
      // Whoever moves the time by hand takes it over.
      if (!running || (last !== null && time() !== shown)) {
        stop();
        return;
      }
      exact += last === null ? 0 : ((t - last) / 1000) * speed;
      last = t;
      if (exact >= max && loop) exact %= max;
      store.dispatch({type: "set", name: "time", value: Math.min(exact, max), gesture});
      shown = time();
      if (exact >= max) stop();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  const stop = (): void => {
    running = false;
    changed();
  };
  return {
    playing: () => running,
    speed: () => speed,
    loop: () => loop,
    toggle: () => {
      running = !running;
      if (running) play();
      changed();
    },
    step: (direction) => {
      running = false;
      store.dispatch({type: "set", name: "time", value: time() + direction * step});
      changed();
    },
    setSpeed: (value) => {
      speed = value;
      changed();
    },
    setLoop: (value) => {
      loop = value;
      changed();
    }
  };
}
