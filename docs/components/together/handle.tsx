import type {VNode} from "preact";
import {group} from "../figure/format.ts";
import {mapScale, type RegimeMapData} from "../figure/regime-map.tsx";
import {useGesture} from "../controls/gesture.ts";

export interface MapHandleProps {
  readonly data: RegimeMapData;
  /** What the present setting comes to, in words. */
  readonly outcome: string;
  /** MiB a key press moves. */
  readonly step: number;
  readonly onMove: (to: {readonly x: number; readonly y: number}, gesture: string) => void;
}

const KEYS: Readonly<Record<string, readonly [number, number]>> = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

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
    onMove(scale.at((event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio), name);
  };
  const key = (event: KeyboardEvent): void => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const far = event.shiftKey ? 8 : 1;
    onMove({x: here.x + by[0] * step * far, y: here.y + by[1] * step * far}, gesture.step(event.timeStamp));
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
