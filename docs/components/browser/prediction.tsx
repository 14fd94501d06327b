import {hydrate, render} from "preact";
import {Prediction, type Answer} from "../controls/prediction.tsx";
import type {PageDef} from "../pages/page.ts";
import {loadAnswer, saveAnswer} from "./answers.ts";

/**
 * The prediction stands on the page's default run, whatever the sliders say.
 * @param first works out that run.
 */
export function mountPrediction<C>(page: PageDef<C>, first: () => C): void {
  const {prediction} = page;
  if (prediction === undefined) return;
  const computed = first();
  const def = prediction as PageDef["prediction"] & object;
  const exercise = isExercise();
  for (const element of document.querySelectorAll('[data-block="prediction"]')) {
    const drawn = (answer: Answer, live: boolean) => <Prediction def={def} computed={computed} answer={answer} live={live} onAnswer={(next) => {
      if (exercise && next.kind === "skipped") return;
      saveAnswer(page.id, next);
      show(next);
    }} />;
    const open: Answer = {kind: "open", guess: prediction.initial};
    let answered: Answer = open;
    const show = (answer: Answer): void => {
      answered = answer;
      if (exercise) lock(answer.kind !== "said");
      render(drawn(answer, true), element);
    };
    hydrate(drawn(open, false), element);
    const kept = loadAnswer(page.id, prediction);
    show(kept === null || (exercise && kept.kind === "skipped") ? open : kept);
    // A worksheet asks, whatever this reader has answered.
    addEventListener("beforeprint", () => document.documentElement.dataset.mode === "worksheet" ? render(drawn(open, false), element) : undefined);
    addEventListener("afterprint", () => render(drawn(answered, true), element));
  }
}

/** A reader who has answered finds the answer there, and an exercise is closed, before anything is seen. */
export const isPredictionUrgent = <C,>({id, prediction}: PageDef<C>): boolean => prediction !== undefined && (isExercise() || loadAnswer(id, prediction) !== null);

/** The link says so, and the early script has seen it: the rest of the page waits for the reader's number. */
const isExercise = (): boolean => document.documentElement.dataset.mode === "exercise";

/** Opens the page once a number was committed; to ask again closes it again. */
function lock(closed: boolean): void {
  if (closed) document.documentElement.dataset.mode = "exercise";
  else delete document.documentElement.dataset.mode;
}
