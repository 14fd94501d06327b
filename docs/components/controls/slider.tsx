import type {VNode} from "preact";
import {useRef, useState} from "preact/hooks";
import {group} from "../figure/format.ts";
import {inRange, type NumberParam} from "../state/params.ts";

export interface SliderProps {
  readonly param: NumberParam;
  readonly value: number;
  readonly onSet: (value: number, gesture: string) => void;
}

/** Key presses closer together than this belong to one gesture and undo as one. */
const BURST_MS = 1000;
let gestures = 0;

/** A parameter as track and as number: label, unit, ticks, help; each works with keyboard, mouse and finger. */
export function Slider({param, value, onSet}: SliderProps): VNode {
  const gesture = useRef({id: "", last: 0});
  const start = (at: number): void => {
    gesture.current = {id: `${param.name}-${++gestures}`, last: at};
  };
  const step = (event: Event): string => {
    const {last, id} = gesture.current;
    if (id === "" || event.timeStamp - last > BURST_MS) start(event.timeStamp);
    gesture.current.last = event.timeStamp;
    return gesture.current.id;
  };
  const onInput = (event: Event): void => {
    const input = event.currentTarget;
    if (input instanceof HTMLInputElement) onSet(input.valueAsNumber, step(event));
  };
  const id = `control-${param.name}`;
  return (
    <div class={`control ${param.layer === null ? "" : `l-${param.layer}`}`}>
      <div class="control-head">
        <label for={id}>{param.layer === null ? null : <span class="swatch" aria-hidden="true" />}{param.label}</label>
        <NumberEntry param={param} value={value} onSet={onSet} />
      </div>
      <input
        id={id} class="track" type="range" min={param.min} max={param.max} step={param.step} value={value}
        aria-valuetext={`${group(value)} ${param.unit}`} aria-describedby={`${id}-help`}
        onPointerDown={(event) => start(event.timeStamp)} onInput={onInput}
      />
      <Ticks param={param} />
      <p class="help" id={`${id}-help`}>{param.help}</p>
    </div>
  );
}

/** The marks under the track, placed as the thumb's centre travels. */
function Ticks({param}: {param: NumberParam}): VNode {
  return (
    <svg class="ticks" aria-hidden="true" width="100%" height="22">
      {param.ticks.map((tick) => {
        const share = ((tick.value - param.min) / (param.max - param.min)) * 100;
        const anchor = share < 2 ? "start" : share > 98 ? "end" : "middle";
        return (
          <g key={tick.value}>
            <line x1={`${share}%`} x2={`${share}%`} y1="0" y2="5" />
            {tick.label === undefined ? null : <text x={`${share}%`} y="18" text-anchor={anchor}>{tick.label}</text>}
          </g>
        );
      })}
    </svg>
  );
}

/** What is typed stays as typed until it is a value; then it moves the track. */
function NumberEntry({param, value, onSet}: SliderProps): VNode {
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? value : Number(draft);
  const valid = draft === null || (draft.trim() !== "" && inRange(param, typed));
  const id = `entry-${param.name}`;
  const commit = (event: Event): void => {
    if (draft === null || !valid) return;
    onSet(typed, `${id}-${event.timeStamp}`);
    setDraft(null);
  };
  return (
    <span class="entry">
      <input
        id={id} type="text" inputMode="decimal" autocomplete="off" size={5} value={draft ?? String(value)}
        aria-label={`${param.label} in ${param.unit}`} aria-invalid={!valid} aria-describedby={valid ? undefined : `${id}-error`}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onChange={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit(event);
          if (event.key === "Escape") setDraft(null);
        }}
      />
      <span class="unit" aria-hidden="true">{param.unit}</span>
      {valid ? null : <span class="error" id={`${id}-error`} role="alert">expected a number from {param.min} to {param.max}</span>}
    </span>
  );
}
