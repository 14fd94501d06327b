import {describe, expect, test} from "vitest";
import {all, at, first, parseFragment, parseXml} from "../../../src/domain/formats/xml.ts";
import {ModelError} from "../../../src/errors.ts";

describe("fragments", () => {
  test("elements side by side, attributes in either quote, and where they stand", () => {
    expect(parseFragment(`<a x="1" y='2'/><b>t</b>`)).toEqual([
      {name: "a", attributes: {x: "1", y: "2"}, children: [], text: "", span: {start: 0, end: 16}, tag: {start: 0, end: 16}},
      {name: "b", attributes: {}, children: [], text: "t", span: {start: 16, end: 24}, tag: {start: 16, end: 19}}
    ]);
    expect(parseFragment("")).toEqual([]);
  });
  test("text is that of all descendants, decoded", () => {
    const [a] = parseFragment("<a>1<b>2</b>&lt;&amp;&#65;&#x42;<![CDATA[<c>]]></a>");
    expect(a?.text).toBe("12<&AB<c>");
    expect(a?.children.map(({name, text}) => [name, text])).toEqual([["b", "2"]]);
  });
  test("an entity that is declared is not expanded", () => {
    const bomb = `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><domain><memory>&b;</memory></domain>`;
    expect(() => parseXml(bomb)).toThrow("malformed XML: undefined entity");
  });
  test("elements that are not kept take their children with them, and their text goes to the parent", () => {
    const [root] = parseXml("<a><b><c/>x</b><d/></a>", {keep: (path) => path[1] !== "b"});
    expect(root?.children.map(({name}) => name)).toEqual(["d"]);
    expect(root?.text).toBe("x");
  });
  test("depth and number have a limit, with the place", () => {
    expect(() => parseXml("<a>".repeat(300))).toThrow(expect.objectContaining({code: "too-deep", span: {start: 768, end: 769}}));
    expect(() => parseXml(`<a>${"<b/>".repeat(5000)}</a>`)).toThrow(expect.objectContaining({code: "too-many-elements"}));
  });
  test("the first element at a path", () => {
    const tree = parseFragment("<a><b n='1'/><b n='2'><c/></b></a>");
    expect(at(tree, "a", "b")?.attributes).toEqual({n: "1"});
    expect(at(tree, "a", "b", "c")).toBeUndefined();
    expect(at(tree)).toBeUndefined();
  });
  test("attributes are decoded; comments and declarations are passed over", () => {
    for (const before of ["", "\n \n"]) expect(parseXml(`${before}<?xml version="1.0"?><!-- <x> --><a v="&quot;&apos;"/>`)[0]).toMatchObject({attributes: {v: `"'`}, span: {start: before.length + 33}});
  });
  test.each(["<a>", "<a></b>", "</a>", "<a", "<a>x < y</a>", "<a x=1/>"])("%j is malformed", (xml) => {
    expect(() => parseFragment(xml)).toThrow(ModelError);
    expect(() => parseFragment(xml)).toThrow(/^malformed XML/);
  });
  test("the error has a place", () => {
    expect(() => parseFragment("<a></b>")).toThrow(expect.objectContaining({code: "malformed-xml", path: "text", span: {start: 6, end: 7}}));
  });
});

test("elements by name", () => {
  const elements = parseFragment("<a n='1'/><b/><a n='2'/>");
  expect(first(elements, "a")?.attributes).toEqual({n: "1"});
  expect(first(elements, "c")).toBeUndefined();
  expect(all(elements, "a").length).toBe(2);
});
