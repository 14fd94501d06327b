import {expect, test} from "vitest";
import type {Cell} from "../../../../docs/components/notebook/cell.ts";
import {withInputs} from "../../../../docs/components/notebook/inputs.ts";

const inputs = {params: {target: 512}, events: [{at: 2, type: "free"}]};
const cell = (id: string, code: string): Cell => ({id, kind: "ts", code, folded: false, slot: 0});

test("what cells use of the page stands in a first cell of its own", () => {
  const cells = [cell("c1", "params.target + events.length")];
  const [first, ...rest] = withInputs(cells, inputs);
  expect(rest).toEqual(cells);
  expect(first).toMatchObject({id: "inputs", kind: "ts", slot: 0});
  expect(first?.code.split("\n").slice(1)).toEqual(['const params = {"target":512};', 'const events = [{"at":2,"type":"free"}];']);
});

test("only what is used, and what no cell declares", () => {
  expect(withInputs([cell("c1", "events.length")], inputs)[0]?.code).not.toContain("params");
  for (const cells of [[cell("c1", "1 + 1")], [cell("c1", "params.target"), cell("c2", "const params = {target: 1};")], [cell("inputs", "params.target")], [cell("c1", "const = params")], [{...cell("c1", "params"), kind: "md" as const}]]) {
    expect(withInputs(cells, inputs)).toBe(cells);
  }
});
