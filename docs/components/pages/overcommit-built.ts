import {remember} from "../case/remember.ts";
import {compare} from "../overcommit/model.ts";
import {overcommitPage} from "./overcommit.tsx";

/** For the build and for tests: runs are made on the spot, and kept. */
export const page = overcommitPage(remember(compare));
