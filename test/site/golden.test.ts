import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {attribute, isElement, text, type Element, type Node} from "../../scripts/html.ts";
import {files, pages, values, withoutHashes, withTag, type BuiltPage} from "./pages.ts";

/** Elements whose order and names make up a page; what is inside a block is for other tests. */
const KEPT = new Set(["header", "nav", "main", "footer", "h1", "h2", "h3", "h4", "table", "pre", "figure", "details", "noscript", "dl", "blockquote", "form", "dialog", "iframe"]);

function skeleton(page: BuiltPage): string {
  const lines: string[] = [];
  for (const e of withTag(page, "title", "meta", "link", "script")) {
    const attributes = e.attrs.map(({name, value}) => `${name}="${value}"`).join(" ");
    lines.push(`${e.tagName} ${attributes}${["title"].includes(e.tagName) ? text(e) : e.tagName === "script" && text(e) !== "" ? "(inline)" : ""}`.trim());
  }
  const walk = (node: Node, depth: number): void => {
    if (!isElement(node) || node.tagName === "svg") return;
    // One block a recording, in the order of how well it is predicted: that is the model's business.
    if (attribute(node, "class") === "evidence") return;
    const block = attribute(node, "data-block");
    const name = KEPT.has(node.tagName) || block !== undefined || /^observablehq-/.test(attribute(node, "id") ?? "");
    if (name) lines.push("  ".repeat(depth) + describeElement(node));
    if (block === undefined) for (const child of node.childNodes) walk(child, depth + (name ? 1 : 0));
  };
  const body = page.all.find((e) => e.tagName === "body");
  lines.push("", "body");
  body?.childNodes.forEach((child) => walk(child, 1));
  return asLines(lines);
}

/** How the shared code is cut into chunks is the bundler's business: one line says that there are some. */
function asLines(lines: readonly string[]): string {
  const named = lines.map(withoutHashes);
  return `${named.filter((line, i) => !line.includes("chunk-NAME") || named.indexOf(line) === i).join("\n")}\n`;
}

function describeElement(e: Element): string {
  const kept = ["id", "class", "aria-label", "data-block", "data-figure", "data-variant"].flatMap((name) => {
    const value = attribute(e, name)?.trim();
    return value === undefined || value === "" ? [] : [`${name}="${value}"`];
  });
  const heading = /^h\d$/.test(e.tagName) ? [JSON.stringify(text(e).trim())] : [];
  return [e.tagName, ...kept, ...heading].join(" ");
}

describe("the built site is as it was", () => {
  test("its files", async () => {
    await expect(asLines(files)).toMatchFileSnapshot("golden/files.txt");
  });

  for (const page of pages) {
    test(page.name, async () => {
      await expect(skeleton(page)).toMatchFileSnapshot(`golden/${page.name.replaceAll("/", "-")}.txt`);
    });
  }
});

describe("files", () => {
  test("what hosts need: .nojekyll, robots.txt, a page for lost addresses, an icon", () => {
    expect(files).toEqual(expect.arrayContaining([".nojekyll", "robots.txt", "404.html", "index.html", "search.json"]));
    expect(files.some((name) => /^_file\/favicon\.[0-9a-f]{8}\.svg$/.test(name))).toBe(true);
  });

  test("the social card is a PNG of 1200 by 630", () => {
    const png = readFileSync("dist/social-card.png");
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
  });

  test("nothing of Framework's client, and no path of the machine that built it", () => {
    expect(files.filter((name) => name.includes("_observablehq") || name.includes("_npm"))).toEqual([]);
    for (const name of files.filter((f) => /\.(html|js|css|json)$/.test(f))) {
      const content = readFileSync(`dist/${name}`, "utf8");
      expect([name, content.includes(process.cwd())]).toEqual([name, false]);
    }
  });

  test("search knows every page that a reader can find, and only sections that exist", () => {
    const sections = JSON.parse(readFileSync("dist/search.json", "utf8")) as {url: string; text: string}[];
    const found = new Set(sections.map(({url}) => url.replace(/#.*/, "")));
    expect(Array.from(found).sort()).toEqual(pages.filter((p) => !p.embed && p.name !== "404.html").map((p) => p.name));
    for (const {url} of sections) {
      const [name = "", id] = url.split("#");
      if (id !== undefined) expect([url, values(pages.find((p) => p.name === name) as BuiltPage, "id").includes(id)]).toEqual([url, true]);
    }
  });
});
