import {mount} from "../../browser/mount.tsx";
import {knobsOf, spec, togetherPage} from "../../pages/together.tsx";
import {initialState} from "../../state/page-state.ts";
import {mapKey} from "../../together/map.ts";
import {builtMap, workerMaps} from "../../together/maps.ts";

const first = {key: mapKey("KVM", knobsOf(initialState(spec))), grid: builtMap(document)};
const {maps, onChange} = workerMaps(first, () => new Worker(import.meta.resolve("../regimes.js"), {type: "module"}));

mount(togetherPage(maps, onChange));
