import {chromium} from "playwright-core";
import {ensureChromium, LAUNCH_ARGS} from "./scripts/chromium.ts";
import {serve} from "./scripts/server.ts";
const server = await serve("dist", {base: "/some/where/"});
const browser = await chromium.launch({executablePath: ensureChromium(), args: [...LAUNCH_ARGS]});
const opts = {viewport: {width: 1280, height: 900}, reducedMotion: "reduce" as const};
for (const name of ["qemu-kvm.html", "glossary.html", "together.html"]) {
  const u = new URL(name, server.url).href;
  for (let r = 0; r < 2; r++) {
    let t = performance.now();
    for (let i = 0; i < 8; i++) { const c = await browser.newContext(opts); const p = await c.newPage(); await p.goto(u, {waitUntil: "load"}); await c.close(); }
    const a = (performance.now() - t) / 8;
    const c = await browser.newContext(opts);
    t = performance.now();
    for (let i = 0; i < 8; i++) { const p = await c.newPage(); await p.goto(u, {waitUntil: "load"}); await p.close(); }
    const b = (performance.now() - t) / 8;
    const p = await c.newPage();
    t = performance.now();
    for (let i = 0; i < 8; i++) { await p.goto(u, {waitUntil: "load"}); }
    console.log(name, "fresh", a.toFixed(0), "same context", b.toFixed(0), "same page", ((performance.now() - t) / 8).toFixed(0));
    await c.close();
  }
}
await browser.close(); await server.close();
