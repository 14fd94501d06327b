import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {answer, type Answer} from "../explain/engine.ts";
import {examples} from "../explain/examples.ts";
import {Results} from "../explain/results.tsx";

const FORMATS = [["", "no translation"], ["libvirt", "libvirt XML"], ["xl", "xl.cfg"], ["vmx", "VMX"], ["qemu", "QEMU command line"]] as const;

/** The text behind the editor, with its findings marked. */
function marked(text: string, {explanation}: Answer): readonly (VNode | string)[] {
  let at = 0;
  const pieces: (VNode | string)[] = [];
  for (const {place, severity} of (explanation?.findings ?? []).toSorted((a, b) => (a.place?.offset ?? 0) - (b.place?.offset ?? 0))) {
    if (place === null || place.length === 0 || place.offset < at) continue;
    const end = place.offset + place.length;
    pieces.push(text.slice(at, place.offset), <mark class={`is-${severity}`}>{text.slice(place.offset, end)}</mark>);
    at = end;
  }
  return [...pieces, `${text.slice(at)}\n`];
}

/** The place to paste into, with the first example in it and explained: that much is there without JavaScript. */
export function renderExplain(): string {
  const [first] = examples;
  if (first === undefined) throw new Error("there is no example");
  const shown = answer({files: [first], active: 0, to: null});
  return renderToString(
    <div class="explain wide-block" id="explain">
      <div class="explain-input">
        <div class="explain-bar needs-js">
          <span>Examples:</span>
          {examples.map(({id, title}) => <button type="button" key={id} data-example={id}>{title}</button>)}
        </div>
        <div class="explain-files needs-js" data-files />
        <label for="explain-text">A configuration, or what a tool printed</label>
        <div class="explain-editor">
          <div class="explain-marks" aria-hidden="true" data-marks>{marked(first.text, shown)}</div>
          <textarea id="explain-text" rows={22} spellcheck={false} autocapitalize="off" autocomplete="off" wrap="off" readOnly>{first.text}</textarea>
        </div>
        <div class="explain-bar needs-js">
          <label class="button">Open files<input type="file" multiple data-open /></label>
          <label>Translate to <select data-to>{FORMATS.map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select></label>
          <button type="button" data-share>Copy link</button>
          <span class="said" role="status" data-said />
        </div>
      </div>
      <div class="explain-results" data-results><Results answer={shown} atOnce /></div>
    </div>
  );
}
