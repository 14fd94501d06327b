import {rm} from "node:fs/promises";
import {bundle} from "./bundle.ts";
import {finish} from "./finish.ts";
import {guestFiles} from "./guest-files.ts";
import {framework, seedCache} from "./framework.ts";
import {zipSite} from "./zip.ts";

/** The whole site into dist/, offline: bundles, then Framework, then what Framework leaves undone. */
await Promise.all(["dist", "docs/lib", "docs/.observablehq"].map((path) => rm(path, {recursive: true, force: true})));
await Promise.all([bundle(), seedCache("docs")]);
await framework(["build"]);
await finish("dist");
await guestFiles("dist");
zipSite("dist");
console.log("built dist/");
