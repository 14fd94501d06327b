import {describe, expect, test} from "vitest";
import {all, first, parseFragment} from "../../../src/domain/formats/xml.ts";
import {ModelError} from "../../../src/errors.ts";

describe("fragments", () => {
  test("elements side by side, attributes in either quote", () => {
    expect(parseFragment(`<a x="1" y='2'/><b>t</b>`)).toEqual([
      {name: "a", attributes: {x: "1", y: "2"}, children: [], text: ""},
      {name: "b", attributes: {}, children: [], text: "t"}
    ]);
    expect(parseFragment("")).toEqual([]);
  });
  test("text is that of all descendants, decoded", () => {
    const [a] = parseFragment("<a>1<b>2</b>&lt;&amp;&#65;&#x42;&none;<![CDATA[<c>]]></a>");
    expect(a?.text).toBe("12<&AB&none;<c>");
    expect(a?.children).toEqual([{name: "b", attributes: {}, children: [], text: "2"}]);
  });
  test("attributes are decoded; comments and declarations are passed over", () => {
    expect(parseFragment(`<?xml version="1.0"?><!-- <x> --><a v="&quot;&apos;"/>`)[0]?.attributes).toEqual({v: `"'`});
  });
  test.each(["<a>", "<a></b>", "</a>", "<a", "x < y", "<a x=1/>"])("%j is malformed", (xml) => {
    expect(() => parseFragment(xml)).toThrow(ModelError);
    expect(() => parseFragment(xml)).toThrow(/^malformed XML/);
  });
  test("the error names what was expected", () => {
    try {
      parseFragment("<a></b>");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({code: "malformed-xml", path: "xml", expected: "</a>"});
    }
  });
});

test("elements by name", () => {
  const elements = parseFragment("<a n='1'/><b/><a n='2'/>");
  expect(first(elements, "a")?.attributes).toEqual({n: "1"});
  expect(first(elements, "c")).toBeUndefined();
  expect(all(elements, "a").length).toBe(2);
});
