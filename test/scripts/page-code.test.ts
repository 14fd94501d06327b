import {describe, expect, test} from "vitest";
import {asFile, readPage} from "../../scripts/page-code.ts";

const fence = (info: string, body: string): string => `# Title\n\n\`\`\`${info}\n${body}\n\`\`\`\n`;

describe("code in pages", () => {
  test("ts fences are taken with their line, whatever their attributes", () => {
    const {code, problems} = readPage("a.md", `${fence("ts run=false", "const a = 1;")}\n${fence('ts run="false" echo', "let b = 2;")}`);
    expect(code).toEqual([{line: 3, text: "const a = 1;"}, {line: 9, text: "let b = 2;"}]);
    expect(problems).toEqual([]);
  });

  test("in the file a line keeps its number", () => {
    expect(asFile({line: 3, text: "const a = 1;"}).split("\n")[3]).toBe("const a = 1;");
  });

  test.each(["js", "ts", "tsx echo", "sql", "html", "dot", "js run=falsey"])("a %s fence would run in the reader's browser", (info) => {
    expect(readPage("a.md", fence(info, "1")).problems).toEqual([expect.stringMatching(/^docs\/a\.md:3: .*Framework cell$/)]);
  });

  test.each(["sh", "json", "", "setmem figure column", "xml", "text"])("a %s fence is only shown", (info) => {
    expect(readPage("a.md", fence(info, "${1 + 1}"))).toEqual({code: [], cells: [], problems: []});
  });

  test("an expression in the prose is a cell, in code it is text", () => {
    expect(readPage("a.md", "one\n\ntwo ${1 + 1}").problems).toEqual(["docs/a.md:3: ${...} in prose is a Framework cell"]);
    expect(readPage("a.md", "so `${x}` and ``a ` ${y}`` and \\${z}").problems).toEqual([]);
  });

  test("a fence inside a longer fence is its text", () => {
    expect(readPage("a.md", "````md\n```js\n1\n```\n````\n").problems).toEqual([]);
  });
});
