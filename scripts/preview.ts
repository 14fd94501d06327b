import {watch} from "./bundle.ts";
import {buildCells} from "./cells.ts";
import {framework, seedCache} from "./framework.ts";
import {beside} from "./preview-server.ts";

/** Pages, figures and model as you edit them, without a restart; the finishing touches of scripts/finish.ts are not in it. */
const OUT = ".cache/preview";
const PORT = Number(process.env.PORT ?? 3000);
await Promise.all([seedCache("docs"), buildCells(OUT)]);
const contexts = await watch();
// Framework knows nothing of the frame that cells run in: it stands behind a server that does.
const front = await beside(OUT, ["/cells/"], PORT + 1, PORT);
console.log(`setmem is at ${front.url} (Framework's own address below has no cells; the frame is as it was when the preview began)`);
await framework(["preview", "--port", String(PORT + 1), "--no-open", ...process.argv.slice(2)]);
await Promise.all([front.close(), ...contexts.map((c) => c.dispose())]);
