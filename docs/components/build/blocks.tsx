import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {Controls} from "../controls/controls.tsx";
import {Prediction} from "../controls/prediction.tsx";
import {Tools} from "../controls/tools.tsx";
import {sourceId} from "../notebook/fence.ts";
import type {PageDef} from "../pages/page.ts";
import {initialState} from "../state/page-state.ts";

const nothing = (): void => undefined;

/** What a page computes in its default state. */
function byDefault(page: PageDef): unknown {
  const initial = initialState(page.spec);
  return page.compute(initial, initial.pin);
}

/** The blocks a page's Markdown can ask for, drawn in their default state. */
export function renderBlock(page: PageDef, kind: string, name: string, sources: readonly string[] = []): string {
  switch (kind) {
    case "controls":
      return block("controls", "needs-js", <DeadControls page={page} />);
    case "compare":
      return block("compare", "needs-js", null);
    case "figure":
      return renderFigure(page, name, sources.includes(name));
    case "tools":
      return block("tools", "tool-outputs", <Tools outputs={page.tools?.(byDefault(page)) ?? []} onCopy={nothing} />);
    case "prediction":
      return renderPrediction(page);
    default:
      throw new Error(`unknown block: ${kind}`);
  }
}

const block = (kind: string, classes: string, content: VNode | null): string =>
  `<div class="${(kind === "tools" ? classes : `${kind} ${classes}`).trim()}" data-block="${kind}">${content === null ? "" : renderToString(content)}</div>`;

function DeadControls({page}: {page: PageDef}): VNode {
  return (
    <Controls
      spec={page.spec} state={initialState(page.spec)} canUndo={false} canRedo={false} said="" comparable={page.comparison !== undefined}
      onSet={nothing} onAddEvent={nothing} onChangeEvent={nothing} onDeleteEvent={nothing} onPin={nothing} onUndo={nothing} onRedo={nothing} onReset={nothing} onCopyLink={nothing}
      transport={{playing: false, speed: 1, loop: false, onPlay: nothing, onStep: nothing, onSpeed: nothing, onLoop: nothing}}
    />
  );
}

/** With a way to its source, where a cell of the page is that. */
function renderFigure(page: PageDef, name: string, hasSource: boolean): string {
  const figure = page.figures[name];
  if (figure === undefined) throw new Error(`page ${page.id} has no figure: ${name}`);
  const computed = byDefault(page);
  const variants = figure.responsive ? (["wide", "narrow"] as const) : (["wide"] as const);
  const drawn = variants.map((variant) => `<div class="figure ${figure.responsive ? variant : ""}" data-block="figure" data-figure="${name}" data-variant="${variant}">${renderToString(figure.render(computed, variant))}</div>`);
  const menu = `<details class="export needs-js"><summary>Numbers and export</summary><div data-block="export" data-figure="${name}"></div></details>`;
  const source = hasSource ? `<a class="figure-source" href="#${sourceId(name)}" aria-label="Source of the figure: ${figure.title}">Source</a>` : "";
  return `<div class="figure-block">${drawn.join("")}${source}${menu}</div>`;
}

/** Without JavaScript the question is answered at once: there is nobody to ask. */
function renderPrediction(page: PageDef): string {
  const def = page.prediction;
  if (def === undefined) throw new Error(`page ${page.id} has no prediction`);
  const computed = byDefault(page);
  const asked = <Prediction def={def} computed={computed} answer={{kind: "open", guess: def.initial}} onAnswer={nothing} live={false} />;
  const told = <Prediction def={def} computed={computed} answer={{kind: "skipped"}} onAnswer={nothing} live={false} />;
  const answered = renderToString(told).replace(/<button.*?<\/button>/g, "").replace(/id="prediction-question"/, "");
  return `${block("prediction", "needs-js", asked)}${renderToString(<Worksheet unit={def.unit} />)}<noscript><div class="prediction">${answered}</div></noscript>`;
}

/** Shown in print only, when a worksheet is asked for: boxes to write into, no answers. */
function Worksheet({unit}: {unit: string}): VNode {
  return (
    <section class="worksheet" aria-label="Worksheet">
      <p class="worksheet-line">Name</p>
      <p class="worksheet-line">I expect, in {unit}</p>
      <p>Draw your expectation into the figure. Why do you expect it?</p>
      <div class="worksheet-box" />
      <table>
        <caption>What happened? The four numbers, before and at the end</caption>
        <thead><tr><th scope="col">layer</th><th scope="col">before</th><th scope="col">at the end</th><th scope="col">who decided it</th></tr></thead>
        <tbody>{["configured", "target", "current", "backing"].map((layer) => <tr key={layer}><th scope="row">{layer}</th><td /><td /><td /></tr>)}</tbody>
      </table>
      <p>What explains the difference from what you expected?</p>
      <div class="worksheet-box" />
    </section>
  );
}

export function renderNumber(page: PageDef, name: string): string {
  const read = page.numbers[name];
  if (read === undefined) throw new Error(`page ${page.id} has no number: ${name}`);
  const {value, text} = read(byDefault(page));
  return `<data value="${value}" data-number="${name}">${text}</data>`;
}
