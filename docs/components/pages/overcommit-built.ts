import {remember} from "../case/remember.ts";
import {compare} from "../overcommit/model.ts";
import {overcommitPage} from "./overcommit.tsx";

const runs = remember(compare);

/** For the build and for tests: runs are made on the spot, and kept. */
export const page = overcommitPage((plan, pinned) => ({results: runs(plan), pinned: pinned === null ? null : runs(pinned)}));
