import {describe, expect, test} from "vitest";
import type {Cell} from "../../../../docs/components/notebook/cell.ts";
import {createController, type Cage, type Controller} from "../../../../docs/components/notebook/controller.ts";
import {readMessage, type FromFrame} from "../../../../docs/components/notebook/protocol.ts";
import * as scope from "../../../../docs/components/notebook/scope-values.ts";
import {safeTree, words} from "../../../../docs/components/notebook/tree.ts";

type Said = Exclude<FromFrame, {type: "ready" | "pong"}>;
const cell = (id: string, code: string): Cell => ({id, kind: "ts", code, folded: false, slot: 0});

function start(agreed: boolean): {controller: Controller; sent: Parameters<Cage["send"]>[0][]; hear: (m: Said) => void; kill: (running: string | null) => void; said: string[]} {
  const sent: Parameters<Cage["send"]>[0][] = [];
  const said: string[] = [];
  let on: {message: (m: Said) => void; killed: (running: string | null) => void} | null = null;
  const base = [cell("a", "1"), cell("b", "2")];
  const controller = createController({
    base, cells: base, agreed, changed: () => undefined, say: (text) => void said.push(text),
    openCage: (to) => {
      on = to;
      return {send: (message) => void sent.push(message), close: () => undefined};
    }
  });
  return {controller, sent, said, hear: (m) => on?.message(m), kill: (running) => on?.killed(running)};
}

describe("consent", () => {
  test("nothing is sent before it, however one asks", () => {
    const {controller, sent} = start(false);
    controller.run("a");
    controller.runAll();
    expect(sent).toEqual([]);
    controller.agree();
    expect(sent).toEqual([{type: "cells", cells: [{id: "a", code: "1"}, {id: "b", code: "2"}]}]);
  });
  test("cells of a file wait too, and undo brings the former ones back", () => {
    const {controller, sent} = start(true);
    controller.runAll();
    sent.length = 0;
    controller.load([cell("x", "evil()")]);
    controller.run("x");
    expect(sent).toEqual([]);
    controller.undo();
    expect(controller.state().cells.map(({id}) => id)).toEqual(["a", "b"]);
    expect(controller.agreed()).toBe(false);
  });
});

describe("a frame that was ended", () => {
  test.each([["b"], [null]])("running %s: its cell is named and does not run again, the rest does", (running) => {
    const {controller, sent, hear, kill, said} = start(true);
    controller.runAll();
    hear({type: "shown", id: "a", nodes: ["1"], done: true, ms: 1});
    kill(running);
    expect(controller.result("b")?.error?.message).toMatch(/^stopped: no answer/);
    expect(sent.at(-1)).toEqual({type: "cells", cells: [{id: "a", code: "1"}]});
    expect(said).toEqual(["Cell 1 ran: 1", expect.stringMatching(/^Cell 2 Error: stopped/)]);
    expect(controller.state().cells[1]?.code).toBe("2");
  });
});

describe("what the frame sends is not believed", () => {
  test("messages", () => {
    for (const bad of [null, 1, {}, {type: "shown"}, {type: "shown", nodes: 1}, {type: "failed"}, {type: "pong"}, {type: "x"}]) expect(readMessage(bad)).toBeNull();
    expect(readMessage({type: "failed", id: "a", error: {name: "E", message: "m", line: -1, column: "x"}})).toEqual({type: "failed", id: "a", error: {name: "E", message: "m", line: null, column: null}});
  });
  test("elements and attributes", () => {
    const node = {tag: "img", attributes: {src: "x", onerror: "alert(1)", style: "position: fixed", href: "javascript:alert(1)"}, children: [{tag: "script", attributes: {}, children: ["x"]}]};
    expect(safeTree(node, "p-")).toEqual({tag: "span", attributes: {}, children: [""]});
    expect(safeTree({tag: "a", attributes: {href: "https://x.invalid", id: "i", style: "fill: url(#c)"}, children: ["t"]}, "p-")).toEqual({tag: "a", attributes: {href: "https://x.invalid", id: "p-i", style: "fill: url(#p-c)", rel: "noopener noreferrer nofollow"}, children: ["t"]});
    expect(safeTree({tag: "p", attributes: {style: "background: url(https://x.invalid)"}, children: []}, "")).toEqual({tag: "p", attributes: {}, children: []});
    for (const bad of [1, null, {tag: 1}, {tag: "p", attributes: {}}]) expect(() => safeTree(bad, "")).toThrow("cannot be read");
    expect(() => safeTree({tag: "p", attributes: {}, children: Array.from({length: 20_001}, () => "")}, "")).toThrow("too large");
    expect(words({tag: "p", attributes: {}, children: ["a ", {tag: "b", attributes: {}, children: ["b"]}]})).toBe("a b");
  });
});

test("what chart draws keeps every class that it is drawn with, the reader's own classes get another name", () => {
  const run = scope.simulate({machine: {memory: scope.mibToKib(scope.mib(512))}, driver: {loadsAt: 0}, events: [{at: scope.seconds(1), type: "balloon", target: scope.mibToKib(scope.mib(400))}], duration: scope.seconds(3)});
  const {html} = scope.chart(run, {dots: {memTotal: [[1, 400]]}});
  const used = new Set(Array.from(html.matchAll(/class="([^"]*)"/g), ([, names = ""]) => names.split(/\s+/).filter((name) => name !== "")).flat());
  expect([...used]).toEqual(expect.arrayContaining(["figure", "stroke", "dot", "halo", "dashed"]));
  for (const name of used) expect(safeTree({tag: "g", attributes: {class: name}, children: []}, "p-")).toMatchObject({attributes: {class: name}});
  expect(safeTree({tag: "g", attributes: {class: "bar l-target dotted2"}, children: []}, "p-")).toMatchObject({attributes: {class: "out-bar l-target out-dotted2"}});
});
