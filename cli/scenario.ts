import {Ajv, type ErrorObject, type ValidateFunction} from "ajv";
import schema from "../data/schemas/scenario.schema.json" with {type: "json"};
import {ModelError} from "../src/errors.ts";
import type {ScenarioSpec} from "../src/simulation/scenario.ts";

/** Compiled when asked for: `check` needs no schema. */
const compile = (): ValidateFunction<ScenarioSpec> => new Ajv({strict: true, strictRequired: false, strictTypes: false}).compile<ScenarioSpec>(schema);

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ModelError(`not JSON: ${name}`, {code: "not-json", path: name, expected: "a JSON file", hint: "check the file for a truncated or half-written end"});
  }
}

/**
 * Reads a scenario file: shape by its schema here, values by `resolveScenario`.
 * @throws ModelError `not-json` or `malformed-scenario` with the path of the first bad field.
 */
export function parseScenario(text: string, name: string): ScenarioSpec {
  const isScenario = compile();
  const value = parseJson(text, name);
  if (isScenario(value)) return value;
  // A failed validation has at least one error, each with a message unless they are switched off.
  const {instancePath, message} = (isScenario.errors as ErrorObject[])[0] as ErrorObject & {message: string};
  throw new ModelError(`not a scenario: ${instancePath} ${message}`, {
    code: "malformed-scenario",
    path: instancePath === "" ? "scenario" : instancePath,
    expected: message,
    hint: "see data/schemas/scenario.schema.json"
  });
}
