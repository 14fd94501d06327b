import type {VNode} from "preact";
import {group} from "../figure/format.ts";
import {NARROW, scalesOf, Timeline, WIDE, type Size, type TimelineData} from "../figure/timeline.tsx";
import type {PredictionDef} from "../pages/page.ts";

export type Answer = {readonly kind: "open"; readonly guess: number} | {readonly kind: "said"; readonly guess: number} | {readonly kind: "skipped"};

export interface PredictionProps {
  readonly def: PredictionDef<unknown>;
  readonly computed: unknown;
  readonly answer: Answer;
  readonly onAnswer: (answer: Answer) => void;
  /** False at build time: there is nobody to drag. */
  readonly live: boolean;
}

/** A question put before its answer is shown; the reader says a number on the figure, or skips. */
export function Prediction({def, computed, answer, onAnswer, live}: PredictionProps): VNode {
  const revealed = answer.kind !== "open";
  const guess = answer.kind === "skipped" ? null : answer.guess;
  const data = def.timeline(computed, guess, revealed);
  const title = def.describe(computed, revealed);
  const over = (size: Size): VNode | null => (live && !revealed ? <Grip def={def} data={data} size={size} onAnswer={onAnswer} /> : null);
  return (
    <div class="prediction-inner">
      {[WIDE, NARROW].map((size) => <Timeline key={size.name} data={data} size={size} title={title} over={over(size)} />)}
      <p class="question" id="prediction-question">{def.question}</p>
      {revealed ? <Verdict def={def} computed={computed} guess={guess} onAgain={() => onAnswer({kind: "open", guess: guess ?? def.initial})} /> : <Ask def={def} guess={guess ?? def.initial} onAnswer={onAnswer} />}
    </div>
  );
}

/** The guess itself can be dragged up and down; the slider below does the same for keyboards. */
function Grip({def, data, size, onAnswer}: {def: PredictionDef<unknown>; data: TimelineData; size: Size; onAnswer: (answer: Answer) => void}): VNode {
  const {x, y} = scalesOf(data, size);
  const drag = (event: PointerEvent): void => {
    const box = (event.currentTarget as SVGElement).ownerSVGElement?.getBoundingClientRect();
    if (box === undefined || box.height === 0) return;
    const py = ((event.clientY - box.top) / box.height) * size.height;
    const value = ((y(0) - py) / (y(0) - y(data.max))) * data.max;
    onAnswer({kind: "open", guess: Math.min(def.max, Math.max(def.min, Math.round(value / def.step) * def.step))});
  };
  return (
    <circle
      class="grip" data-live="" cx={x(data.duration)} cy={y(data.guess ?? 0)} r={18} aria-hidden="true"
      onPointerDown={(event) => {
        (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={(event) => (event.currentTarget as SVGElement).hasPointerCapture(event.pointerId) ? drag(event) : undefined}
    />
  );
}

function Ask({def, guess, onAnswer}: {def: PredictionDef<unknown>; guess: number; onAnswer: (answer: Answer) => void}): VNode {
  return (
    <div class="ask l-backing">
      <input
        class="track" type="range" min={def.min} max={def.max} step={def.step} value={String(guess)}
        aria-labelledby="prediction-question" aria-valuetext={`${group(guess)} ${def.unit}`}
        onInput={(event) => onAnswer({kind: "open", guess: event.currentTarget.valueAsNumber})}
      />
      <output class="guess-value">{group(guess)} {def.unit}</output>
      <button type="button" class="primary" onClick={() => onAnswer({kind: "said", guess})}>Show what happened</button>
      <button type="button" onClick={() => onAnswer({kind: "skipped"})}>Skip</button>
    </div>
  );
}

function Verdict({def, computed, guess, onAgain}: {def: PredictionDef<unknown>; computed: unknown; guess: number | null; onAgain: () => void}): VNode {
  return (
    <div class="verdict">
      <p role="status">{verdict(def, def.truth(computed), guess)}</p>
      <button type="button" onClick={onAgain}>Ask me again</button>
    </div>
  );
}

/** Within this share of the range a guess counts as right, or as that of a belief. */
const NEAR = 0.06;

/** The two numbers, the difference, and which belief gives the reader's number. */
export function verdict(def: PredictionDef<unknown>, truth: number, guess: number | null): string {
  if (guess === null) return `It is ${group(truth)} ${def.unit}.`;
  const near = NEAR * (def.max - def.min);
  const said = `You said ${group(guess)}, it is ${group(truth)} ${def.unit}`;
  if (Math.abs(guess - truth) <= near) return `${said}: right, within ${group(Math.abs(guess - truth))} ${def.unit}.`;
  const off = `${said}: ${group(Math.abs(guess - truth))} ${guess > truth ? "too many" : "too few"}.`;
  const belief = def.beliefs.toSorted((a, b) => Math.abs(a.value - guess) - Math.abs(b.value - guess))[0];
  if (belief === undefined || Math.abs(belief.value - guess) > 2 * near) return off;
  return `${off} That is what one expects who thinks “${belief.name}”. ${belief.answer}`;
}
