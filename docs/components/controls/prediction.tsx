import type {VNode} from "preact";
import type {PredictionDef} from "../pages/page.ts";
import {group} from "../figure/format.ts";

export type Answer = {readonly kind: "open"; readonly guess: number} | {readonly kind: "said"; readonly guess: number} | {readonly kind: "skipped"};

export interface PredictionProps {
  readonly def: PredictionDef<unknown>;
  readonly computed: unknown;
  readonly answer: Answer;
  readonly onAnswer: (answer: Answer) => void;
}

/** A question put before its answer is shown; the reader says a number, or skips. */
export function Prediction({def, computed, answer, onAnswer}: PredictionProps): VNode {
  const revealed = answer.kind !== "open";
  const guess = answer.kind === "skipped" ? null : answer.guess;
  const drawn = {computed, guess, revealed};
  return (
    <div class="prediction-inner">
      {(["wide", "narrow"] as const).map((variant) => def.figure.render(drawn, variant))}
      <p class="question" id="prediction-question">{def.question}</p>
      {revealed ? <Verdict def={def} computed={computed} guess={guess} onAgain={() => onAnswer({kind: "open", guess: guess ?? def.initial})} /> : <Ask def={def} guess={guess ?? def.initial} onAnswer={onAnswer} />}
    </div>
  );
}

function Ask({def, guess, onAnswer}: {def: PredictionDef<unknown>; guess: number; onAnswer: (answer: Answer) => void}): VNode {
  return (
    <div class="ask l-backing">
      <input
        class="track" type="range" min={def.min} max={def.max} step={def.step} value={guess}
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
  const truth = def.truth(computed);
  return (
    <div class="verdict">
      <p role="status">{guess === null ? `It is ${group(truth)} ${def.unit}.` : def.verdict(guess, truth)}</p>
      <button type="button" onClick={onAgain}>Ask me again</button>
    </div>
  );
}
