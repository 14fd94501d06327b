import {cp, mkdtemp, readdir, readFile, rm, writeFile, mkdir} from "node:fs/promises";
import {createHash} from "node:crypto";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, test} from "vitest";
import {finish} from "../../scripts/finish.ts";
import {attribute, elements, find, parse, text} from "../../scripts/html.ts";
import {sections} from "../../scripts/search-index.ts";

const INLINE = "document.documentElement.classList.add('js')";
const PAGE = `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="generator" content="x"><meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">
<title>A</title><link rel="modulepreload" href="./_observablehq/client.js"><script>${INLINE}</script>
<script type="module">\nimport "./_observablehq/client.00000000.js";\n</script></head><body><main id="observablehq-main"><h1>A page</h1><p>Words <b>of it</b>.</p><h2 id="two">Two<a href="#two"></a></h2><p>MORE</p><pre>code</pre><svg><text>not this</text></svg><nav>nor this</nav></main></body></html>`;

let dist = "";
beforeEach(async () => {
  dist = await mkdtemp(join(tmpdir(), "setmem-finish-"));
  await mkdir(join(dist, "_observablehq"));
  await writeFile(join(dist, "_observablehq", "client.js"), "");
  await writeFile(join(dist, "a.html"), PAGE);
  await writeFile(join(dist, "404.html"), PAGE);
});
afterEach(() => rm(dist, {recursive: true, force: true}));

const read = async (name: string) => parse(await readFile(join(dist, name), "utf8"));

describe("finishing the build", () => {
  test("language, viewport, generator and client are repaired, the policy comes first and allows the one script by its hash", async () => {
    await finish(dist);
    const page = await read("a.html");
    const all = elements(page);
    expect(attribute(all[0] ?? page as never, "lang")).toBe("en");
    expect(all.find((e) => attribute(e, "name") === "viewport")?.attrs.find((a) => a.name === "content")?.value).toBe("width=device-width, initial-scale=1");
    expect(all.some((e) => attribute(e, "name") === "generator")).toBe(false);
    expect(all.some((e) => (attribute(e, "href") ?? "").includes("_observablehq") || text(e).includes("_observablehq"))).toBe(false);
    const metas = all.filter((e) => e.tagName === "meta");
    expect(metas.slice(0, 2).map((e) => attribute(e, "charset") ?? attribute(e, "http-equiv"))).toEqual(["utf-8", "content-security-policy"]);
    const policy = attribute(metas[1] ?? metas[0] as never, "content") ?? "";
    expect(policy).toContain(`'sha256-${createHash("sha256").update(INLINE).digest("base64")}'`);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(attribute(find(page, (e) => e.tagName === "pre") as never, "tabindex")).toBe("0");
  });

  test("what hosts need is there, what nobody loads is gone, and the search leaves out the page for lost addresses", async () => {
    await finish(dist);
    const names = await readdir(dist);
    expect(names).toEqual(expect.arrayContaining([".nojekyll", "robots.txt", "search.json", "social-card.png"]));
    expect(names).not.toContain("_observablehq");
    const found = JSON.parse(await readFile(join(dist, "search.json"), "utf8")) as {url: string}[];
    expect(found.map((s) => s.url)).toEqual(["a.html", "a.html#two"]);
  });

  test("the picture of a shared link is absolute where the site's address is known", async () => {
    const {SETMEM_URL: before} = process.env;
    process.env.SETMEM_URL = "https://host.example/site/";
    try {
      await finish(dist);
    } finally {
      if (before === undefined) delete process.env.SETMEM_URL;
      else process.env.SETMEM_URL = before;
    }
    expect(await readFile(join(dist, "a.html"), "utf8")).toContain('content="https://host.example/site/social-card.png"');
  });

  test("a page with a Framework cell stops the build", async () => {
    await writeFile(join(dist, "a.html"), PAGE.replace('client.00000000.js";', 'client.00000000.js"; define({id: "x"});'));
    await expect(finish(dist)).rejects.toThrow(/Framework cell/);
  });

  test("finishing the same files twice in two places gives the same bytes", async () => {
    const copy = await mkdtemp(join(tmpdir(), "setmem-finish-another-"));
    await cp(dist, copy, {recursive: true});
    await Promise.all([finish(dist), finish(copy)]);
    for (const name of ["a.html", "404.html", "search.json", "social-card.png"]) {
      expect((await readFile(join(dist, name))).equals(await readFile(join(copy, name)))).toBe(true);
    }
    await rm(copy, {recursive: true, force: true});
  });
});

test("sections are cut at headings, without pictures and lists of contents", () => {
  expect(sections([{name: "a.html", document: parse(PAGE)}])).toEqual([
    {id: 0, url: "a.html", page: "A page", heading: "A page", text: "Words of it."},
    {id: 1, url: "a.html#two", page: "A page", heading: "Two", text: "MORE code"}
  ]);
});
