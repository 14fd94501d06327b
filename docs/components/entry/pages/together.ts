import {mount} from "../../browser/mount.tsx";
import {onceReached} from "../../browser/reached.ts";
import {rehearsing} from "../../browser/rehearse.ts";
import {workerResults, type Pace} from "../../browser/worker-results.ts";
import type {Grid} from "../../figure/regions.ts";
import {knobsOf, spec, togetherPage} from "../../pages/together.tsx";
import {initialState} from "../../state/page-state.ts";
import {mapKey} from "../../together/map.ts";
import {builtMap} from "../../together/maps.ts";
import type {MapRequest} from "../../together/worker-messages.ts";

const initial = knobsOf(initialState(spec));
/** A coarse map twice a second while the reader drags, the fine one for whoever rests. */
const pace: Pace<MapRequest> = {every: 500, rest: 150, atRest: (request) => ({...request, fine: true})};
const first = {key: mapKey("KVM", initial), result: builtMap(document)};
const {ask, latest, onChange, warm} = workerResults<MapRequest, Grid>(first, () => new Worker(import.meta.resolve("../regimes.js"), {type: "module"}), pace);

mount(togetherPage((system, knobs) => {
  ask(mapKey(system, knobs), {system, knobs, fine: false});
  return latest();
}, onChange), rehearsing);
onceReached(() => warm({system: "KVM", knobs: initial, fine: true}));
