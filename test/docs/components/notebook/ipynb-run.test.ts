import {execFileSync} from "node:child_process";
import {mkdtempSync, writeFileSync} from "node:fs";
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

/** What nbformat 4.5 asks of a notebook, in our words: https://nbformat.readthedocs.io/en/latest/format_description.html */
const text = {type: "array", items: {type: "string"}};
const common = {id: {type: "string", pattern: "^[a-zA-Z0-9-_]+$", minLength: 1, maxLength: 64}, metadata: {type: "object"}, source: text};
const schema = {
  type: "object",
  required: ["metadata", "nbformat_minor", "nbformat", "cells"],
  additionalProperties: false,
  properties: {
    nbformat: {const: 4},
    nbformat_minor: {type: "integer", minimum: 5},
    metadata: {type: "object", properties: {kernelspec: {type: "object", required: ["name", "display_name"]}, language_info: {type: "object", required: ["name"]}}},
    cells: {
      type: "array",
      items: {
        oneOf: [
          {type: "object", required: ["id", "cell_type", "metadata", "source"], additionalProperties: false, properties: {...common, cell_type: {const: "markdown"}, attachments: {type: "object"}}},
          {type: "object", required: ["id", "cell_type", "metadata", "source", "outputs", "execution_count"], additionalProperties: false, properties: {...common, cell_type: {const: "code"}, outputs: {type: "array"}, execution_count: {type: ["integer", "null"]}}}
        ]
      }
    }
  }
};

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
