import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import Ajv from "ajv";
import {build} from "esbuild";
import {expect, test} from "vitest";
import {transform} from "sucrase";
import {examples} from "../../../../docs/components/notebook/examples.ts";
import {toIpynb} from "../../../../docs/components/notebook/exports/ipynb.ts";

interface Notebook {
  readonly cells: readonly {readonly cell_type: string; readonly source: readonly string[]; readonly metadata: {readonly setmem?: {readonly id?: string; readonly role?: string}}}[];
}

/** Jupyter's own schema; it is of a draft that Ajv takes for granted but does not know by name. */
const schema = JSON.parse(readFileSync("test/fixtures/nbformat/nbformat.v4.5.schema.json", "utf8"), (key, value: unknown) => (key === "$schema" ? undefined : value)) as object;

const model = build({entryPoints: ["docs/components/notebook/scope-values.ts"], bundle: true, format: "iife", globalName: "setmem", minify: true, write: false}).then(({outputFiles}) => outputFiles[0]?.text ?? "");

const parse = async (cells: Parameters<typeof toIpynb>[0]): Promise<Notebook> => JSON.parse(toIpynb(cells, await model, {})) as Notebook;

test.each(examples.map(({id, cells}) => [id, cells] as const))("%s: valid, and its code cells run from top to bottom with nothing but the file", async (_, cells) => {
  // Turned around: a notebook's order must not depend on the page's.
  const notebook = await parse([...cells].reverse());
  const validate = new Ajv({strict: false}).compile(schema);
  validate(notebook);
  expect(validate.errors).toBeNull();
  const code = notebook.cells.filter((cell) => cell.cell_type === "code").map((cell) => cell.source.join(""));
  const file = join(mkdtempSync(join(tmpdir(), "setmem-")), "all.mjs");
  writeFileSync(file, `${code.map((source) => transform(source, {transforms: ["typescript"], disableESTransforms: true}).code).join("\n;\n")}\nconsole.log("ran to its end");\n`);
  expect(execFileSync(process.execPath, [file], {encoding: "utf8"})).toContain("ran to its end");
});

test("a text that is not code is left as it is, at its place", async () => {
  const notebook = await parse([{id: "n1", kind: "ts", code: "const = 1", folded: false, slot: 0}, {id: "n2", kind: "ts", code: "const a = b;", folded: false, slot: 0}, {id: "n3", kind: "ts", code: "const b = a;", folded: false, slot: 0}]);
  expect(notebook.cells.flatMap((cell) => cell.metadata.setmem?.id ?? [])).toEqual(["n1", "n2", "n3"]);
});

test("Jupyter's schema is really asked: what it does not allow is refused", async () => {
  const validate = new Ajv({strict: false}).compile(schema);
  const notebook = await parse([{id: "n1", kind: "ts", code: "1", folded: false, slot: 0}]);
  expect(validate(notebook)).toBe(true);
  for (const wrong of [{...notebook, nbformat: 3}, {...notebook, more: 1}, {...notebook, cells: [{...notebook.cells[0], id: "a b"}]}, {...notebook, cells: [{...notebook.cells[1], outputs: undefined}]}]) expect(validate(JSON.parse(JSON.stringify(wrong)))).toBe(false);
});
