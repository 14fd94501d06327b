import type {VNode} from "preact";

export interface TransportProps {
  readonly playing: boolean;
  readonly speed: number;
  readonly loop: boolean;
  readonly onPlay: () => void;
  readonly onStep: (direction: 1 | -1) => void;
  readonly onSpeed: (speed: number) => void;
  readonly onLoop: (loop: boolean) => void;
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

/** Play, pause, step and step back; the scrubber itself is the time slider. */
export function Transport({playing, speed, loop, onPlay, onStep, onSpeed, onLoop}: TransportProps): VNode {
  return (
    <div class="transport" role="group" aria-label="time">
      <button type="button" onClick={() => onStep(-1)} aria-label="Step back">◂ Step</button>
      <button type="button" class="play" onClick={onPlay} aria-keyshortcuts="Space">{playing ? "Pause" : "Play"}</button>
      <button type="button" onClick={() => onStep(1)} aria-label="Step">Step ▸</button>
      <label>speed{" "}
        <select value={String(speed)} onChange={(event) => onSpeed(Number(event.currentTarget.value))}>
          {SPEEDS.map((s) => <option key={s} value={String(s)}>{s}×</option>)}
        </select>
      </label>
      <label><input type="checkbox" checked={loop} onChange={(event) => onLoop(event.currentTarget.checked)} />loop</label>
    </div>
  );
}
