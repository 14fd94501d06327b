import type {VNode} from "preact";
import {useMemo} from "preact/hooks";
import {eventY, scalesOf, type Size, type TimelineData} from "../figure/timeline.tsx";
import {formatSeconds} from "../figure/format.ts";
import {useGesture} from "./gesture.ts";

export interface HandlesProps {
  readonly data: TimelineData;
  readonly size: Size;
  /** Seconds; the step of a key press is ten of `step`. */
  readonly step: number;
  readonly onMove: (index: number, at: number, gesture: string) => void;
  readonly onDelete: (index: number) => void;
  readonly onScrub: (at: number, gesture: string) => void;
}

/** What can be taken hold of in a timeline: each event's label, and the plot itself to look at another moment. */
export function Handles({data, size, step, onMove, onDelete, onScrub}: HandlesProps): VNode {
  const {x, top, rows} = scalesOf(data, size);
  const gesture = useGesture("handle");
  const scrub = useGesture("scrub");
  const keys = (event: KeyboardEvent, index: number, at: number): void => {
    const by = {ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10}[event.key];
    if (event.key === "Delete" || event.key === "Backspace") onDelete(index);
    else if (by !== undefined) onMove(index, at + by * step * 5, gesture.step(event.timeStamp));
    else return;
    event.preventDefault();
  };
  // Where the handles stand changes with the events only, not with every frame of a drag elsewhere.
  return useMemo(() => (
    <g class="handles" data-live="">
      <rect
        class="scrub" x={x(0)} y={top} width={x(data.duration) - x(0)} height={size.height - 34 - top}
        {...drag((t, event) => onScrub(t, scrub.step(event.timeStamp)), (event) => scrub.start(event.timeStamp), data, size)}
      />
      {data.events.map((event, i) => (
        <g
          key={i} class="handle" role="slider" tabindex={0} aria-label={`${event.label}: time of the event`}
          aria-valuemin={0} aria-valuemax={data.duration} aria-valuenow={event.at} aria-valuetext={formatSeconds(event.at)}
          onKeyDown={(e) => keys(e, i, event.at)}
          {...drag((t, e) => onMove(i, t, gesture.step(e.timeStamp)), (e) => gesture.start(e.timeStamp), data, size)}
        >
          <rect x={x(event.at) - Math.max(14, 3.5 * event.label.length + 4)} y={eventY(top, rows[i] ?? 0) - 20} width={2 * Math.max(14, 3.5 * event.label.length + 4)} height={29} rx={4} />
        </g>
      ))}
    </g>
  ), [data.events, data.duration, top, size]);
}

interface Drag {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
}

/** A pointer's place in the figure as a time, from its press until it lets go. */
function drag(move: (t: number, event: PointerEvent) => void, start: (event: PointerEvent) => void, data: TimelineData, size: Size): Drag {
  const {x} = scalesOf(data, size);
  const at = (event: PointerEvent): number => {
    const svg = (event.currentTarget as SVGElement).ownerSVGElement;
    const box = svg?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    const px = ((event.clientX - box.left) / box.width) * size.width;
    return ((px - x(0)) / (x(data.duration) - x(0))) * data.duration;
  };
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
      start(event);
      move(at(event), event);
    },
    onPointerMove: (event) => {
      if ((event.currentTarget as SVGElement).hasPointerCapture(event.pointerId)) move(at(event), event);
    }
  };
}
