import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {attribute, text, type Element} from "../../scripts/html.ts";
import {files, pages, values, withTag} from "./pages.ts";

const meta = (all: readonly Element[], name: string): string | undefined => {
  const found = all.find((e) => e.tagName === "meta" && [attribute(e, "name"), attribute(e, "property"), attribute(e, "http-equiv")].includes(name));
  return found === undefined ? undefined : attribute(found, "content");
};

describe.each(pages.map((page) => [page.name, page] as const))("%s", (name, page) => {
  const {all, embed} = page;

  test("says its language, what it is and how it may be shown", () => {
    expect(withTag(page, "html").map((e) => attribute(e, "lang"))).toEqual(["en"]);
    expect(withTag(page, "title").map(text).filter((t) => t.trim() !== "").length).toBeGreaterThanOrEqual(1);
    expect(meta(all, "description")?.length).toBeGreaterThan(20);
    expect(meta(all, "viewport")).toBe("width=device-width, initial-scale=1");
    expect(meta(all, "og:image")).toMatch(/social-card\.png$/);
  });

  test("has a strict policy before anything it governs", () => {
    const policy = meta(all, "content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(policy).not.toMatch(/unsafe-|\*|https?:|data: *;? *script/);
    const order = all.map((e) => (attribute(e, "http-equiv") === "content-security-policy" ? "policy" : e.tagName));
    const first = (what: string): number => (order.includes(what) ? order.indexOf(what) : Infinity);
    expect(order.indexOf("policy")).toBeLessThan(Math.min(first("script"), first("style"), first("link"), first("title")));
  });

  test("has one heading of the first level, and skips no level", () => {
    const levels = withTag(page, "h1", "h2", "h3", "h4", "h5", "h6").map((e) => Number(e.tagName.slice(1)));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    levels.forEach((level, i) => {
      if (i > 0) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  test("has landmarks, and a skip link that leads somewhere", () => {
    expect(withTag(page, "main")).toHaveLength(1);
    if (embed) return;
    const skip = all.find((e) => attribute(e, "class") === "skip");
    const target = skip === undefined ? "" : (attribute(skip, "href") ?? "").slice(1);
    expect(values(page, "id")).toContain(target);
    for (const e of withTag(page, "nav")) expect(attribute(e, "aria-label")).toMatch(/./);
  });

  test("has no two ids the same, and every reference by id is to one that is there", () => {
    const ids = values(page, "id");
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const reference of ["for", "aria-labelledby", "aria-describedby", "aria-controls"]) {
      for (const id of values(page, reference).flatMap((value) => value.split(/\s+/))) expect([reference, id, ids.includes(id)]).toEqual([reference, id, true]);
    }
    for (const [, id = ""] of readFileSync(`dist/${name}`, "utf8").matchAll(/url\(#([^)]*)\)/g)) expect([id, ids.includes(id)]).toEqual([id, true]);
  });

  test("every link inside the site leads to a page, and its anchor is there", () => {
    for (const href of withTag(page, "a").map((e) => attribute(e, "href")).filter((h) => h !== undefined)) {
      if (/^(https?|mailto):/.test(href)) continue;
      const url = new URL(href, `http://site.invalid/${name}`);
      const target = decodeURIComponent(url.pathname.slice(1)) || "index.html";
      expect([href, files.includes(target)]).toEqual([href, true]);
      const isText = url.hash.startsWith("#x="); // A text that the page itself unpacks.
      const id = isText ? "" : (decodeURIComponent(url.hash.slice(1)).split("?")[0] ?? "");
      const found = pages.find((p) => p.name === target);
      if (id !== "" && found !== undefined) expect([href, values(found, "id").includes(id)]).toEqual([href, true]);
    }
  });

  test("loads nothing from elsewhere, and everything it loads is there", () => {
    const loaded = [
      ...withTag(page, "link").filter((e) => attribute(e, "rel") !== "canonical").map((e) => attribute(e, "href")),
      ...all.filter((e) => e.tagName !== "a").map((e) => attribute(e, "src")),
      ...withTag(page, "image", "use").map((e) => attribute(e, "href"))
    ].filter((value) => value !== undefined);
    expect(loaded.length).toBeGreaterThan(2);
    for (const reference of loaded) {
      const url = new URL(reference, `http://site.invalid/${name}`);
      expect([reference, url.origin]).toEqual([reference, "http://site.invalid"]);
      if (!reference.startsWith("#")) expect([reference, files.includes(decodeURIComponent(url.pathname.slice(1)))]).toEqual([reference, true]);
    }
  });

  test("is under no path of its own: references are relative, except on the page that may be shown anywhere", () => {
    const references = [...values(page, "href"), ...values(page, "src")];
    if (name !== "404.html") expect(references.filter((r) => r.startsWith("/"))).toEqual([]);
  });

  test("has no inline style, no inline handler and no error of Framework", () => {
    const markup = readFileSync(`dist/${name}`, "utf8");
    expect(values(page, "style")).toEqual([]);
    expect(all.flatMap((e) => e.attrs.map((a) => a.name)).filter((a) => a.startsWith("on"))).toEqual([]);
    expect(markup).not.toContain("observablehq--error");
    expect(markup).not.toContain("observablehq--loading");
    expect(markup).not.toMatch(/<\w+[^>]*>\s*(undefined|NaN|\[object Object\])\s*</);
  });

  test("every number in the prose is written; what a run came to is a number with a word for it", () => {
    for (const e of withTag(page, "data").filter((d) => attribute(d, "data-number") !== undefined)) {
      expect(text(e)).toMatch(/\d|^(fits|guest swaps|host swaps|guest kills|VM killed|Proxmox)$/);
      expect(Number.isFinite(Number(attribute(e, "value")))).toBe(true);
    }
    expect(readFileSync(`dist/${name}`, "utf8")).not.toMatch(/\{\{\w+\}\}/);
  });

  test("pictures have words, buttons and fields have names", () => {
    for (const svg of withTag(page, "svg")) {
      const named = attribute(svg, "aria-label") !== undefined || attribute(svg, "aria-hidden") === "true" || attribute(svg, "aria-labelledby") !== undefined;
      expect([attribute(svg, "class"), named]).toEqual([attribute(svg, "class"), true]);
    }
    for (const b of withTag(page, "button")) expect((attribute(b, "aria-label") ?? text(b)).trim()).not.toBe("");
  });
});

test("pages that readers find have titles and descriptions of their own", () => {
  const found = pages.filter((p) => !p.embed && p.name !== "404.html");
  for (const what of [found.map((p) => withTag(p, "title").map(text)[0]), found.map((p) => meta(p.all, "description"))]) {
    expect(new Set(what).size).toBe(found.length);
  }
});
