import type MarkdownIt from "markdown-it";

/** Pages with fewer sections than this are read in one go and need no contents list. */
const FEWEST = 3;

/**
 * The contents list, put after the page's first heading: once for wide screens,
 * where it stands beside the text, and once folded, for narrow ones.
 */
export function addTableOfContents(md: MarkdownIt): void {
  md.core.ruler.push("table-of-contents", (state) => {
    const entries: string[] = [];
    let afterTitle = -1;
    state.tokens.forEach((token, i) => {
      if (token.type === "heading_close" && token.tag === "h1" && afterTitle < 0) afterTitle = i + 1;
      if (token.type !== "heading_open" || token.tag !== "h2") return;
      const text = state.tokens[i + 1]?.children?.filter((t) => t.type === "text" || t.type === "code_inline").map((t) => t.content).join("") ?? "";
      entries.push(`<li><a href="#${md.utils.escapeHtml(String(token.attrGet("id")))}">${md.utils.escapeHtml(text)}</a></li>`);
    });
    if (afterTitle < 0 || entries.length < FEWEST) return;
    const list = `<ol>${entries.join("")}</ol>`;
    const block = new state.Token("html_block", "", 0);
    block.content = `<nav class="toc toc-wide" aria-label="On this page"><p>On this page</p>${list}</nav><details class="toc toc-narrow"><summary>On this page</summary>${list}</details>`;
    state.tokens.splice(afterTitle, 0, block);
  });
}
