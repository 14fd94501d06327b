import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {SMALL, Timeline} from "../figure/timeline.tsx";
import {scenesOf} from "../pages/scenes.ts";
import {encode} from "../state/link.ts";
import {initialState} from "../state/page-state.ts";
import {Highlighted} from "../notebook/highlight.tsx";
import {sceneCode} from "./scene-code.ts";

/** Where the figure that a scene's link sets stands on its page. */
const FIGURE = "the-same-pages-seen-twice";

/** A named state of the page: its figure, what it shows, and a link that sets the large figure to it. */
export function renderScene(page: string, name: string): string {
  const set = scenesOf[page];
  const found = set?.find(name) ?? null;
  if (set === undefined || found === null) throw new Error(`no scene of ${page}: ${name}`);
  const {scene, data} = found;
  const href = encode(set.spec, {...initialState(set.spec), ...scene.setting}, FIGURE);
  const code = sceneCode(page, scene.setting);
  return renderToString(
    <figure class="scene" id={`scene-${name}`}>
      <div class="figure"><Timeline data={data} size={SMALL} title={scene.caption} /></div>
      <figcaption>{scene.caption} <a class="needs-js" href={href}>Open in the large figure</a></figcaption>
      {code === null ? null : <SceneSource code={code} caption={scene.caption} />}
    </figure>
  );
}

/** The call that the figure shows; as a cell of the page it can be changed. */
function SceneSource({code, caption}: {code: string; caption: string}): VNode {
  return (
    <details class="scene-source">
      <summary>Source</summary>
      <pre class="cell-code"><Highlighted code={code} /></pre>
      <button type="button" class="needs-js" data-insert-code="" aria-label={`Open as a cell: ${caption}`}>Open as a cell</button>
    </details>
  );
}
