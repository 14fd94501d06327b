import type {VNode} from "preact";
import {group} from "../figure/format.ts";
import {mapScale, type MapAxis, type RegimeMapData} from "../figure/regime-map.tsx";
import {useGesture} from "../controls/gesture.ts";

export interface MapHandleProps {
  readonly data: RegimeMapData;
  /** What the present setting comes to, in words. */
  readonly outcome: string;
  /** MiB from one cell of the map to the next: whoever presses on a cell gets the run that it stands for. */
  readonly step: number;
  readonly onMove: (to: {readonly x: number; readonly y: number}, gesture: string) => void;
}

const KEYS: Readonly<Record<string, readonly [number, number]>> = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

/** The cell that holds a value. */
const nearest = ({min, max}: MapAxis, value: number, step: number): number => Math.min(max, Math.max(min, min + Math.round((value - min) / step) * step));

/** Some cells further on: from between two of them the next one counts as the first. */
function further({min, max}: MapAxis, value: number, cells: number, step: number): number {
  const at = (value - min) / step;
  const to = cells > 0 ? Math.floor(at) + cells : Math.ceil(at) + cells;
  return cells === 0 ? value : Math.min(max, Math.max(min, min + to * step));
}

/** The present setting as a handle on the map: a press anywhere brings it there, arrow keys move it along both axes. */
export function MapHandle({data, outcome, step, onMove}: MapHandleProps): VNode {
  const gesture = useGesture("map");
  const scale = mapScale(data);
  const {x, y, here} = data;
  const move = (event: PointerEvent, name: string): void => {
    const svg = (event.currentTarget as SVGElement).ownerSVGElement;
    const box = svg?.getBoundingClientRect();
    if (svg === null || box === undefined || box.width === 0) return;
    const ratio = svg.viewBox.baseVal.width / box.width;
    const to = scale.at((event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio);
    onMove({x: nearest(x, to.x, step), y: nearest(y, to.y, step)}, name);
  };
  const key = (event: KeyboardEvent): void => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const far = event.shiftKey ? 8 : 1;
    onMove({x: further(x, here.x, by[0] * far, step), y: further(y, here.y, by[1] * far, step)}, gesture.step(event.timeStamp));
  };
  return (
    <g
      class="handles map-handle" data-live="" role="slider" tabindex={0} aria-label={`${x.label} and ${y.label}`}
      aria-valuemin={x.min} aria-valuemax={x.max} aria-valuenow={here.x} aria-valuetext={`${x.label} ${group(here.x)} MiB, ${y.label} ${group(here.y)} MiB: ${outcome}`}
      onKeyDown={key}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        gesture.start(event.timeStamp);
        move(event, gesture.step(event.timeStamp));
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) move(event, gesture.step(event.timeStamp));
      }}
    >
      <rect x={scale.x(x.min)} y={scale.y(y.max)} width={scale.x(x.max) - scale.x(x.min)} height={scale.y(y.min) - scale.y(y.max)} />
      <circle cx={scale.x(here.x)} cy={scale.y(here.y)} r="13" />
    </g>
  );
}
