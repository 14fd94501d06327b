import type {VNode} from "preact";
import {useMemo} from "preact/hooks";
import {group} from "../figure/format.ts";
import type {NumberParam} from "../state/params.ts";
import {useGesture} from "./gesture.ts";
import {NumberEntry} from "./number-entry.tsx";

export interface SliderProps {
  readonly param: NumberParam;
  readonly value: number;
  readonly onSet: (value: number, gesture: string) => void;
}

/** A parameter as track and as number: label, unit, ticks, help; each works with keyboard, mouse and finger. */
export function Slider({param, value, onSet}: SliderProps): VNode {
  const gesture = useGesture(param.name);
  const id = `control-${param.name}`;
  return (
    <div class={`control ${param.layer === null ? "" : `l-${param.layer}`}`}>
      <div class="control-head">
        <label for={id}>{param.layer === null ? null : <span class="swatch" aria-hidden="true" />}{param.label}</label>
        <NumberEntry id={`entry-${param.name}`} label={param.label} unit={param.unit} min={param.min} max={param.max} value={value} onSet={onSet} />
      </div>
      <input
        id={id} class="track" type="range" min={param.min} max={param.max} step={param.step} value={String(value)}
        aria-valuetext={`${group(value)} ${param.unit}`} aria-describedby={`${id}-help`}
        onPointerDown={(event) => event.button === 0 ? gesture.start(event.timeStamp) : undefined}
        onInput={(event) => onSet(event.currentTarget.valueAsNumber, gesture.step(event.timeStamp))}
      />
      {useMemo(() => <Ticks param={param} />, [param])}
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
