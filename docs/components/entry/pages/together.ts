import {mount} from "../../browser/mount.tsx";
import {workerResults} from "../../browser/worker-results.ts";
import type {Grid} from "../../figure/regions.ts";
import {knobsOf, spec, togetherPage} from "../../pages/together.tsx";
import {initialState} from "../../state/page-state.ts";
import {mapKey} from "../../together/map.ts";
import {builtMap} from "../../together/maps.ts";
import type {MapRequest} from "../../together/worker-messages.ts";

const first = {key: mapKey("KVM", knobsOf(initialState(spec))), result: builtMap(document)};
const {ask, latest, onChange} = workerResults<MapRequest, Grid>(first, () => new Worker(import.meta.resolve("../regimes.js"), {type: "module"}));

mount(togetherPage((system, knobs) => {
  ask(mapKey(system, knobs), {system, knobs});
  return latest();
}, onChange));
