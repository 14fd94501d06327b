import {renderToString} from "preact-render-to-string";
import {SMALL, Timeline} from "../figure/timeline.tsx";
import {cgroups} from "../pages/cgroups-case.ts";
import {scenes as cgroupScenes} from "../pages/cgroups-scenes.ts";
import {page as cgroupPage} from "../pages/cgroups.tsx";
import type {TimelineData} from "../figure/timeline.tsx";
import {sceneData} from "../pages/qemu-kvm-scenes.ts";
import {page as qemuPage} from "../pages/qemu-kvm.tsx";
import {encode} from "../state/link.ts";
import {initialState, type PageSpec, type Setting} from "../state/page-state.ts";

/** Where the figure that a scene's link sets stands on its page. */
const FIGURE = "the-same-pages-seen-twice";

/** A scene of either page, drawn from the page's model; names do not repeat. */
function find(name: string): {readonly scene: {readonly setting: Setting; readonly caption: string}; readonly data: TimelineData; readonly spec: PageSpec} | null {
  const capped = cgroupScenes[name];
  if (capped !== undefined) return {scene: capped, data: capped.timeline(cgroups.compute(capped.setting, null)), spec: cgroupPage.spec};
  const found = sceneData(name);
  return found === null ? null : {...found, spec: qemuPage.spec};
}

/** A named state of the page: its figure, what it shows, and a link that sets the large figure to it. */
export function renderScene(name: string): string {
  const found = find(name);
  if (found === null) throw new Error(`no scene: ${name}`);
  const {scene, data, spec} = found;
  const href = encode(spec, {...initialState(spec), ...scene.setting}, FIGURE);
  return renderToString(
    <figure class="scene" id={`scene-${name}`}>
      <div class="figure"><Timeline data={data} size={SMALL} title={scene.caption} /></div>
      <figcaption>{scene.caption} <a class="needs-js" href={href}>Open in the large figure</a></figcaption>
    </figure>
  );
}
