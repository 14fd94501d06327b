import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {Controls} from "../controls/controls.tsx";
import {Prediction} from "../controls/prediction.tsx";
import type {PageDef} from "../pages/page.ts";
import {initialState} from "../state/page-state.ts";

const nothing = (): void => undefined;

/** The blocks a page's Markdown can ask for, drawn in their default state. */
export function renderBlock(page: PageDef, kind: string, name: string): string {
  switch (kind) {
    case "controls":
      return block("controls", "needs-js", <Controls table={page.params} state={initialState(page.params)} canUndo={false} canRedo={false} onSet={nothing} onUndo={nothing} onRedo={nothing} onReset={nothing} onCopyLink={nothing} said="" />);
    case "figure":
      return renderFigure(page, name);
    case "prediction":
      return renderPrediction(page);
    default:
      throw new Error(`unknown block: ${kind}`);
  }
}

const block = (kind: string, classes: string, content: VNode): string => `<div class="${kind} ${classes}" data-block="${kind}">${renderToString(content)}</div>`;

function renderFigure(page: PageDef, name: string): string {
  const figure = page.figures[name];
  if (figure === undefined) throw new Error(`page ${page.id} has no figure: ${name}`);
  const computed = page.compute(initialState(page.params).params);
  const variants = figure.responsive ? (["wide", "narrow"] as const) : (["wide"] as const);
  return variants.map((variant) => `<div class="figure ${figure.responsive ? variant : ""}" data-block="figure" data-figure="${name}" data-variant="${variant}">${renderToString(figure.render(computed, variant))}</div>`).join("");
}

/** Without JavaScript the question is answered at once: there is nobody to ask. */
function renderPrediction(page: PageDef): string {
  const def = page.prediction;
  if (def === undefined) throw new Error(`page ${page.id} has no prediction`);
  const computed = page.compute(initialState(page.params).params);
  const asked = <Prediction def={def} computed={computed} answer={{kind: "open", guess: def.initial}} onAnswer={nothing} />;
  const told = <Prediction def={def} computed={computed} answer={{kind: "skipped"}} onAnswer={nothing} />;
  const answered = renderToString(told).replace(/<button.*?<\/button>/g, "");
  return `${block("prediction", "needs-js", asked)}<noscript><div class="prediction">${answered}</div></noscript>`;
}

export function renderNumber(page: PageDef, name: string): string {
  const read = page.numbers[name];
  if (read === undefined) throw new Error(`page ${page.id} has no number: ${name}`);
  const {value, text} = read(page.compute(initialState(page.params).params));
  return `<data value="${value}" data-number="${name}">${text}</data>`;
}
