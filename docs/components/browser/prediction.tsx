import {hydrate, render} from "preact";
import {Prediction, type Answer} from "../controls/prediction.tsx";
import type {PageDef} from "../pages/page.ts";
import {initialState} from "../state/page-state.ts";
import {loadAnswer, saveAnswer} from "./answers.ts";

/** The prediction stands on the page's default run, whatever the sliders say. */
export function mountPrediction<C>(page: PageDef<C>): void {
  const {prediction} = page;
  if (prediction === undefined) return;
  const computed = page.compute(initialState(page.spec), null);
  const def = prediction as PageDef["prediction"] & object;
  for (const element of document.querySelectorAll('[data-block="prediction"]')) {
    const drawn = (answer: Answer, live: boolean) => <Prediction def={def} computed={computed} answer={answer} live={live} onAnswer={(next) => {
      saveAnswer(page.id, next);
      render(drawn(next, true), element);
    }} />;
    hydrate(drawn({kind: "open", guess: prediction.initial}, false), element);
    render(drawn(loadAnswer(page.id, prediction) ?? {kind: "open", guess: prediction.initial}, true), element);
  }
}
