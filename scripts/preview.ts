import {watch} from "./bundle.ts";
import {framework, seedCache} from "./framework.ts";

/** Pages, figures and model as you edit them, without a restart; the finishing touches of scripts/finish.ts are not in it. */
await seedCache("docs");
const contexts = await watch();
await framework(["preview", ...process.argv.slice(2)]);
await Promise.all(contexts.map((c) => c.dispose()));
