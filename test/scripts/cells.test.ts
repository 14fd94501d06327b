import {expect, test} from "vitest";
import {framePage} from "../../scripts/cells.ts";

test("the frame alone may turn text into code, and can ask nothing of any network", () => {
  const policy = /content="(default-src[^"]*)"/.exec(framePage())?.[1];
  expect(policy).toBe("default-src 'none'; script-src 'self' 'unsafe-eval' 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'");
});
