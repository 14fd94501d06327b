import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {glossary, layers, messages, versionById, versions} from "../../docs/components/build/reference-data.ts";
import {renderReference} from "../../docs/components/build/reference.tsx";

const duplicates = (values: readonly string[]): string[] => values.filter((value, i) => values.indexOf(value) !== i);
const page = (name: string): string => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8");
const asked = (text: string, kind: string): string[] => [...text.matchAll(new RegExp(`^\`\`\`setmem ${kind} (\\S+)`, "gm"))].map((match) => match[1] ?? "");

/** What the reference notes mark as unchecked, and paths of the place where the pages were written. */
const NOT_FOR_READERS = /\[MEM\]|\[K\]|\[recalled\]|\[DERIVED\]|LV18|LIN61|\/work\//;
const allowed: ReadonlySet<string | null> = new Set([null, ...layers]);

describe("glossary.json", () => {
  test("every id is there once and fits an address", () => {
    const ids = [...glossary.groups.map((g) => `words-${g.id}`), ...glossary.terms.map((t) => t.id)];
    expect(duplicates(ids)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z][a-z0-9-]*$/.test(id))).toEqual([]);
  });

  test("every term has a layer of the four or none, a group and a version that is listed", () => {
    for (const term of glossary.terms) {
      expect(allowed.has(term.layer), term.id).toBe(true);
      expect(duplicates([...term.also, term.layer ?? ""]), term.id).toEqual([]);
      expect(glossary.groups.find((g) => g.id === term.group)?.name, term.id).toBe(term.tool);
      expect(versionById(term.version).name, term.id).not.toBe("");
      expect(term.source, term.id).not.toBe("");
    }
  });

  test("no group is empty, and the page shows every family", () => {
    for (const g of glossary.groups) expect(glossary.terms.some((t) => t.group === g.id), g.id).toBe(true);
    const families = new Set(glossary.groups.map((g) => g.family));
    expect(new Set(asked(page("glossary"), "glossary"))).toEqual(new Set([...families, "layers"]));
  });
});

describe("messages.json", () => {
  test("every id and every message is there once", () => {
    expect(duplicates(messages.messages.map((m) => m.id))).toEqual([]);
    expect(duplicates(messages.messages.map((m) => m.message))).toEqual([]);
    expect(messages.messages.filter((m) => !/^message-[a-z0-9-]+$/.test(m.id))).toEqual([]);
  });

  test("every message has a layer of the four or none, a group and a version that is listed", () => {
    for (const m of messages.messages) {
      expect(allowed.has(m.layer), m.id).toBe(true);
      expect(messages.groups.some((g) => g.id === m.group), m.id).toBe(true);
      expect(versionById(m.version).name, m.id).not.toBe("");
    }
  });

  test("recorded messages name a recording, read ones a file", () => {
    for (const m of messages.messages) expect(m.source, m.id).toMatch(m.evidence === "recorded" ? /recordings?\b/ : /\.(c|h|go)\b/);
  });

  test("a prefix belongs to one code of libvirt", () => {
    const prefixes = new Map<string, string>();
    for (const m of messages.messages) {
      if (m.prefix === null) continue;
      expect(m.code, m.id).toMatch(/^VIR_ERR_/);
      expect(prefixes.get(m.code ?? "") ?? m.prefix, m.id).toBe(m.prefix);
      prefixes.set(m.code ?? "", m.prefix);
    }
    expect(prefixes.size).toBe(new Set(prefixes.values()).size);
  });

  test("code in prose is closed", () => {
    const prose = [...messages.messages.flatMap((m) => [m.cause, m.remedy]), ...glossary.terms.flatMap((t) => [t.meaning, t.trap ?? ""])];
    expect(prose.filter((text) => text.split("`").length % 2 === 0)).toEqual([]);
  });

  test("the page shows every group, once", () => {
    expect(asked(page("symptoms"), "messages")).toEqual(messages.groups.map((g) => g.id));
  });

  test("the page's own links to messages lead somewhere", () => {
    const linked = [...page("symptoms").matchAll(/\(#(message-[\w-]+)\)/g)].map((match) => match[1]);
    expect(linked.length).toBeGreaterThan(10);
    const ids = new Set(messages.messages.map((m) => m.id));
    expect(linked.filter((id) => id !== undefined && !ids.has(id))).toEqual([]);
  });
});

describe("versions.json", () => {
  test("every id is there once, every address is public and says which version", () => {
    expect(duplicates(versions.map((v) => v.id))).toEqual([]);
    for (const v of versions) if (v.url !== null) expect(v.url, v.id).toMatch(/^https:\/\//);
  });

  test("an id that is not listed is an error", () => {
    expect(() => versionById("libvirt-0")).toThrow("unknown version");
  });
});

describe("blocks", () => {
  test("other kinds are left to the model pages", () => {
    expect(renderReference("figure", "column")).toBeUndefined();
  });

  test("an unknown family or group is an error", () => {
    expect(() => renderReference("glossary", "nosuch")).toThrow("no family");
    expect(() => renderReference("messages", "nosuch")).toThrow("no messages");
  });

  test("every table scrolls by itself, with the keyboard and a name", () => {
    const html = ["glossary libvirt", "glossary layers", "versions "].map((ask) => renderReference(ask.split(" ")[0] ?? "", ask.split(" ")[1] ?? "") ?? "").join("");
    expect(html.match(/<table/g)?.length).toBe(html.match(/<div class="scroll wide-block" tabindex="0" role="region" aria-label="[^"]+">/g)?.length);
  });

  test("words are escaped, so that XML elements are text", () => {
    expect(renderReference("glossary", "libvirt")).toContain("<code>&lt;currentMemory></code>");
  });

  test("nothing unchecked reaches a reader", () => {
    for (const name of ["glossary", "symptoms", "limits", "sources"]) expect(page(name)).not.toMatch(NOT_FOR_READERS);
    expect(JSON.stringify([glossary, messages, versions])).not.toMatch(NOT_FOR_READERS);
  });
});
