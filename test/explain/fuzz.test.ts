import {describe, expect, test} from "vitest";
import {cases} from "../cases.ts";
import {explain} from "../../src/explain/explain.ts";
import {LONGEST_TEXT} from "../../src/domain/formats/reading.ts";
import {everything} from "./examples.ts";
import {fuzzCase, generator, verdict} from "./fuzz.ts";

describe("whatever is pasted, the end is a result or a named error with a place", () => {
  test("5,000 hostile texts", () => {
    const rng = generator(8);
    for (let i = 0; i < cases(5000); i++) {
      const {text, from} = fuzzCase(rng);
      expect(verdict(text, from), JSON.stringify(text)).toBeNull();
    }
  });
  test("every example cut at every character", () => {
    for (const text of everything) for (let end = 0; end <= text.length; end++) expect(verdict(text.slice(0, end), undefined), text.slice(0, end)).toBeNull();
  });
  const million = 1024 * 1024;
  test.each([
    ["deep XML", "<a>".repeat(million), "too-deep"],
    ["deep inside of a domain", `<domain>${"<memory>".repeat(million)}`, "too-deep"],
    ["many elements", `<domain>${"<memory>1</memory>".repeat(500_000)}</domain>`, "too-many-elements"],
    ["an entity bomb", `<!DOCTYPE d [${Array.from({length: 20}, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join("")}]><domain><name>&e20;</name></domain>`, "malformed-xml"],
    ["10 MB of zero bytes", "\0".repeat(10 * million), "not-text"],
    ["10 MB of blanks", " ".repeat(10 * million), "empty"],
    ["more than is read", "a".repeat(LONGEST_TEXT + 1), "too-long"],
    ["brackets", `memory = ${"[".repeat(10 * million)}`, "malformed-value"],
    ["a quote that is not closed", `qemu -m 1G '${"x".repeat(10 * million)}`, "unclosed-quote"],
    ["many words", `qemu -m 1G ${"a ".repeat(100_000)}`, "too-many-words"],
    ["nothing known", "hello", "unknown-format"]
  ])("%s", (_, text, code) => {
    expect(verdict(text, undefined)).toBeNull();
    expect(() => explain(text)).toThrow(expect.objectContaining({code}));
  });
  test.each([
    ["a large definition", `<domain type='kvm'><memory>1048576</memory><description>${"x ".repeat(5 * million)}</description></domain>`],
    ["many devices that are not about memory", `<domain type='kvm'><memory>1048576</memory><devices>${"<disk type='file'><target dev='a'/></disk>".repeat(200_000)}</devices></domain>`],
    ["a long xl.cfg", `memory = 512\n${"# nothing here\n".repeat(600_000)}`],
    ["a long VMX", `memsize = "1024"\n${'x.y = "z"\n'.repeat(900_000)}`],
    ["a line of blanks", `memsize = "1024"${" ".repeat(10 * million)}x\n`],
    ["one long name", `name = "${"x".repeat(8 * million)}"\nmemory = 512\n`],
    ["lines of nothing", `${"\n".repeat(9 * million)}memory = 512\n`]
  ])("%s: a result", (_, text) => expect(verdict(text, undefined)).toBeNull());
});
