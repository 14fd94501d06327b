import MarkdownIt from "markdown-it";
import {describe, expect, test} from "vitest";
import {addTableOfContents} from "../../scripts/toc.ts";

/** As Framework does it: headings have their ids before the list is made. */
function render(markdown: string): string {
  const md = new MarkdownIt();
  md.core.ruler.push("ids", (state) => {
    state.tokens.forEach((token, i) => {
      if (token.type === "heading_open") token.attrSet("id", (state.tokens[i + 1]?.content ?? "").toLowerCase().replace(/\W+/g, "-"));
    });
  });
  addTableOfContents(md);
  return md.render(markdown);
}

describe("the contents list", () => {
  test("a page with few sections has none", () => expect(render("# A\n\n## One\n\n## Two")).not.toContain("toc"));

  test("stands after the title, once beside the text and once folded, with every section of the second level", () => {
    const html = render("# A `title`\n\nLede.\n\n## One\n\n### not this\n\n## Two `code`\n\n## Q & A <b>");
    expect(html.indexOf("</h1>")).toBeLessThan(html.indexOf('class="toc toc-wide"'));
    expect(html.indexOf("toc-narrow")).toBeLessThan(html.indexOf("Lede."));
    const links = Array.from(html.matchAll(/<li><a href="([^"]*)">([^<]*)<\/a>/g), ([, href, words]) => [href, words]);
    const once = [["#one", "One"], ["#two-code-", "Two code"], ["#q-a-b-", "Q &amp; A &lt;b&gt;"]];
    expect(links).toEqual([...once, ...once]);
  });
});
