import {describe, expect, test} from "vitest";
import {buildIndex, type Section} from "../../../../docs/components/browser/search.ts";

const section = (id: number, heading: string, text: string, page = "A page"): Section => ({id, url: `page.html#${id}`, page, heading, text});
const MESSAGE = "error: invalid argument: cannot set memory higher than max memory";

const sections = [
  section(0, "Memory", "About memory: setting memory, max memory, higher memory, an argument that is invalid. ".repeat(4)),
  section(1, "What virsh says", `Typed too high, virsh answers ${MESSAGE}, and nothing changes.`),
  section(2, "cgroups", "The file memory.high slows a group down; memory.max kills."),
  section(3, "libvirt", "virDomainSetMemory sets <currentMemory>, virDomainSetMaxMemory sets <memory>. See virtio_balloon.c and MemTotal."),
  section(4, "Unable to change memory of active domain without the balloon device", "Where it comes from: the domain has no device."),
  section(5, "Long", `${"filler ".repeat(60)}needle ${"filler ".repeat(60)}`)
];
const index = buildIndex(sections);
const first = (query: string): number | undefined => index.find(query)[0]?.section.id;

describe("search", () => {
  test.each([
    ["the whole message", MESSAGE, 1],
    ["a part of it", "cannot set memory higher than max memory", 1],
    ["in other case and with line breaks", "CANNOT set\n memory   higher than max memory", 1],
    ["a message that is a heading", "Unable to change memory of active domain without the balloon device", 4]
  ])("an exact error message comes first: %s", (_what, query, id) => expect(first(query)).toBe(id));

  test.each([
    ["memory.high", 2], ["memory.max", 2], ["virDomainSetMemory", 3], ["virdomainsetmaxmemory", 3], ["<currentMemory>", 3], ["currentMemory", 3], ["MemTotal", 3], ["virtio_balloon", 3], ["virtio_balloon.c", 3]
  ])("the name %s is found", (query, id) => expect(first(query)).toBe(id));

  test.each([["balloon.c", 3], ["SetMaxMemory", 3], ["Domain", 3], ["high", 2]])("a part of a name is found: %s", (query, id) => {
    expect(index.find(query).map((hit) => hit.section.id)).toContain(id);
  });

  test("a slip of the finger is forgiven, an unknown word is not", () => {
    expect(first("baloon")).toBeDefined();
    expect(index.find("zzzzqqqq")).toEqual([]);
  });

  test.each(["", "   ", "\n"])("nothing asked, nothing found (%j)", (query) => expect(index.find(query)).toEqual([]));

  test("the snippet holds what surrounds the match, with the match apart and with its own letters", () => {
    const [hit] = index.find("NEEDLE");
    expect(hit).toMatchObject({match: "needle"});
    expect(hit?.before).toMatch(/^….{60,75}$/);
    expect(hit?.after).toMatch(/^.{60,75}…$/);
    expect(hit?.section.text).toContain(`${hit?.before.slice(1) ?? ""}needle`);
  });

  test("a snippet at the start or the end of its text has no dots there", () => {
    expect(index.find("The file memory.high")[0]?.before).toBe("");
    expect(index.find("memory.max kills.")[0]?.after).toBe("");
  });

  test("a message found in a heading marks no small word of the text", () => {
    expect(index.find("Unable to change memory of active domain without the balloon device")[0]?.match).toBe("");
  });

  test("at most a dozen results", () => {
    const many = buildIndex(Array.from({length: 40}, (_, i) => section(i, `Heading ${i}`, "the same word")));
    expect(many.find("same")).toHaveLength(12);
  });

  test("what looks like markup or a pattern is only text", () => {
    for (const query of ["<script>alert(1)</script>", "[a-z]+(", "\\", "* AND NOT", "__proto__"]) expect(() => index.find(query)).not.toThrow();
  });
});
