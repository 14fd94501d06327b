import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {decode, encode} from "../../../../docs/components/state/link.ts";
import {isEvent} from "../../../../docs/components/state/events.ts";
import {eventTable, initialState, reduce, STATE_VERSION, type PageSpec, type PageState} from "../../../../docs/components/state/page-state.ts";
import {inRange} from "../../../../docs/components/state/params.ts";
import {cases} from "../../../cases.ts";
import {anyAction, spec, specs} from "./tables.ts";

const state = (of: PageSpec): fc.Arbitrary<PageState> => fc.array(anyAction(of), {maxLength: 12}).map((actions) => actions.reduce((s, a) => reduce(of, s, a), initialState(of)));
const payload = (json: string): string => Buffer.from(json).toString("base64url");
const link = (json: string, version: number | string = STATE_VERSION): string => `#?s=${version}.${payload(json)}`;

/** A default page with a notice, or a state the page can show: nothing else may come of a link. */
function check(of: PageSpec, fragment: string): void {
  const {state: read, problem, heading} = decode(of, fragment);
  if (problem !== null) expect(read).toEqual(initialState(of));
  for (const setting of read.pin === null ? [read] : [read, read.pin]) {
    expect(Object.keys(setting.params)).toEqual(of.params.map((p) => p.name));
    for (const p of of.params) expect(inRange(p, setting.params[p.name])).toBe(true);
    for (const event of setting.events) expect(isEvent(eventTable(of), event)).toBe(true);
  }
  expect(heading).toMatch(/^[\p{L}\p{N}_-]*$/u);
}

const damaged = (of: PageSpec): fc.Arbitrary<string> =>
  fc.tuple(state(of), fc.nat(), fc.nat(), fc.string({unit: "binary", maxLength: 4}), fc.constantFrom("cut", "flip", "insert", "double")).map(([s, a, b, piece, how]) => {
    const whole = encode(of, s, "a-heading") || "#?s=1.e30";
    const at = a % (whole.length + 1);
    if (how === "cut") return whole.slice(0, at);
    if (how === "flip") return whole.slice(0, at) + String.fromCharCode(33 + (b % 94)) + whole.slice(at + 1);
    return how === "insert" ? whole.slice(0, at) + piece + whole.slice(at) : whole + whole;
  });

const json = (of: PageSpec): fc.Arbitrary<string> =>
  fc.oneof(
    fc.json().map((text) => link(text)),
    fc.dictionary(fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "p", ...of.params.map((p) => p.name)), fc.string()), fc.oneof(fc.double(), fc.jsonValue())).map((p) => link(JSON.stringify({p}))),
    fc.tuple(fc.array(fc.oneof(fc.jsonValue(), fc.tuple(fc.constantFrom("ask", "free", ...eventTable(of).types.map((t) => t.type)), fc.double(), fc.double()))), fc.jsonValue()).map(([e, a]) => link(JSON.stringify({e, a}))),
    fc.tuple(fc.jsonValue(), fc.integer({min: -1, max: 12_000})).map(([value, version]) => link(JSON.stringify({p: value}), version))
  );

describe("links", () => {
  test("more than 10,000 damaged, hostile and random fragments give a valid state or the default one and a notice, on every page", () => {
    const runs = {numRuns: cases(2100)};
    const page = fc.constantFrom(...specs.map(([, of]) => of));
    fc.assert(fc.property(page, fc.string({unit: "binary"}), check), runs);
    fc.assert(fc.property(page, fc.string(), (of, text) => check(of, `#?s=${STATE_VERSION}.${text}`)), runs);
    fc.assert(fc.property(page, fc.uint8Array({maxLength: 60}), (of, raw) => check(of, `#?s=${STATE_VERSION}.${Buffer.from(raw).toString("base64url")}`)), runs);
    fc.assert(fc.property(page.chain((of) => fc.tuple(fc.constant(of), damaged(of))), ([of, text]) => check(of, text)), runs);
    fc.assert(fc.property(page.chain((of) => fc.tuple(fc.constant(of), json(of))), ([of, text]) => check(of, text)), runs);
  });

  test.each(specs)("every state comes back from its link as it was, and so does the heading (%s)", (_name, of) => {
    fc.assert(fc.property(state(of), fc.stringMatching(/^[a-z0-9-]{0,30}$/), (s, heading) => {
      const read = decode(of, encode(of, s, heading));
      expect(JSON.stringify(read)).toBe(JSON.stringify({heading, state: s, problem: null}));
    }), {numRuns: cases(2000)});
  });

  test.each(specs)("99 of 100 states fit into a link of 1,500 characters, of 2,000 that readers may come to in up to 100 actions (%s)", (_name, of) => {
    const runs = cases(2_000);
    const lengths: number[] = [];
    const seen = {pinned: 0, crowded: 0};
    const far = fc.array(anyAction(of), {maxLength: 100, size: "max"}).map((actions) => actions.reduce((s, a) => reduce(of, s, a), initialState(of)));
    fc.assert(fc.property(far, (s) => {
      if (s.pin !== null) seen.pinned++;
      if (s.events.length > 8) seen.crowded++;
      lengths.push(encode(of, s).length);
    }), {numRuns: runs, seed: 11});
    lengths.sort((a, b) => a - b);
    expect(lengths[Math.ceil(runs * 0.99) - 1]).toBeLessThanOrEqual(1500);
    expect(seen.pinned).toBeGreaterThan(runs / 10);
    if (eventTable(of).types.length > 0) expect(seen.crowded).toBeGreaterThan(runs / 50);
  });

  test("the default state has no fragment, and with a heading only the heading", () => {
    expect(encode(spec, initialState(spec))).toBe("");
    expect(encode(spec, initialState(spec), "sources")).toBe("#sources");
  });

  test("only what differs from the default is in the link", () => {
    const moved = reduce(spec, initialState(spec), {type: "set", name: "size", value: 700});
    const text = encode(spec, moved, "what");
    expect(text).toBe(`#what?s=${STATE_VERSION}.${payload('{"p":{"size":700}}')}`);
    expect(text).toMatch(/^[#\w?=.-]*$/);
  });

  test.each([
    ["another version", link('{"p":{}}', 99), /made by another version of this site \(99, this is 1\)/],
    ["cut", link('{"p":{"size":700}}').slice(0, -4), /cut or damaged/],
    ["not JSON", link("size=700"), /cut or damaged/],
    ["not UTF-8", `#?s=1.${Buffer.from([0xff, 0xfe]).toString("base64url")}`, /cut or damaged/],
    ["more than parameters", link('{"p":{},"script":"alert(1)"}'), /cut or damaged/],
    ["an array", link('{"p":[1,2]}'), /cut or damaged/],
    ["another query", "#?t=12", /is damaged/],
    ["an unknown parameter", link('{"p":{"colour":1}}'), /names a parameter this page does not have/],
    ["a prototype", link('{"p":{"__proto__":{"size":1}}}'), /names a parameter this page does not have/],
    ["out of range", link('{"p":{"size":99999}}'), /no usable value for the size: expected a number from 512 to 4096 MiB/],
    ["a number as text", link('{"p":{"size":"700"}}'), /no usable value/],
    ["no number", link('{"p":{"size":null}}'), /no usable value/],
    ["not an option", link('{"p":{"driver":2}}'), /expected one of none, loaded, late/],
    ["an unknown event", link('{"e":[["boom",1,1]]}'), /event this page does not have/],
    ["an event too late", link('{"e":[["free",99,0]]}'), /event this page does not have/],
    ["an event cut short", link('{"e":[["free"]]}'), /cut or damaged/],
    ["too many events", link(JSON.stringify({e: Array.from({length: 25}, () => ["free", 1, 0])})), /cut or damaged/],
    ["a pin in the pin", link('{"a":{"a":{}}}'), /cut or damaged/],
    ["too long", `#?s=1.${"A".repeat(9000)}`, /too long/]
  ])("%s: the default state and a notice that says why", (_what, fragment, reason) => {
    const read = decode(spec, fragment);
    expect(read.problem).toMatch(reason);
    expect(read.problem).toMatch(/the page shows its default state$/);
    expect(read.state).toEqual(initialState(spec));
  });

  test("a value between steps is brought to the nearest step", () => {
    expect(decode(spec, link('{"p":{"time":3.14159}}')).state.params.time).toBe(3.1);
  });

  test.each(["<img src=x onerror=alert(1)>", "a b", "javascript:alert(1)", "x".repeat(201)])("%s is no heading", (heading) => {
    expect(decode(spec, `#${heading}`)).toEqual({heading: "", state: initialState(spec), problem: null});
  });
});
