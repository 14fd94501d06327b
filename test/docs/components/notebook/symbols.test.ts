import {expect, test} from "vitest";
import * as scope from "../../../../docs/components/notebook/scope-values.ts";
import {symbols} from "../../../../docs/components/notebook/symbols.ts";

test("the list for completion names what is in scope: run scripts/symbols.ts when this fails", () => {
  expect(symbols.map(({name}) => name)).toEqual(Object.keys(scope).sort());
});
