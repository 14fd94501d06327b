import type {Cell} from "../cell.ts";
import {CellsProblem} from "../codec.ts";

/** Keys whose numbers are seconds; every other whole number under a key of sizes is KiB. */
const SECONDS = new Set(["at", "duration", "step", "interval", "hold", "every"]);
const SIZES = new Set(["memory", "maxmem", "currentMemory", "ram", "swap", "overhead", "others", "anon", "workingSet", "active", "target", "size", "limit", "reservation", "max", "high", "low", "min", "soft", "swapMax", "memswMax", "videoram", "mmioHole", "hostFree", "maxRamBelow4g", "minimum", "maximum"]);

/** Deeper than any scenario is. */
const MOST_DEPTH = 12;

const sized = (value: number): string => (value % 1024 === 0 && value > 0 ? `mibToKib(mib(${value / 1024}))` : `kib(${value})`);

/** A value as one would write it in a cell, with its unit. Throws `CellsProblem` on what is deeper than any scenario. */
export function written(value: unknown, key: string, indent: string, depth: number): string {
  if (depth > MOST_DEPTH) throw new CellsProblem("this scenario cannot be read");
  if (typeof value === "number") return SECONDS.has(key) ? `seconds(${value})` : SIZES.has(key) ? sized(value) : String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[\n${value.map((item) => inner + written(item, key, inner, depth + 1)).join(",\n")}\n${indent}]`;
  const fields = Object.entries(value).filter(([, item]) => item !== undefined).map(([name, item]) => `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: ${written(item, name, inner, depth + 1)}`);
  const line = `{${fields.join(", ")}}`;
  return line.length <= 100 && !line.includes("\n") ? line : `{\n${fields.map((field) => inner + field).join(",\n")}\n${indent}}`;
}

/** Names of the calls and types by what a scenario has. */
function kindOf(value: Record<string, unknown>): {readonly call: string; readonly type: string; readonly run: string} {
  if (Array.isArray(value["vms"])) return {call: "simulateEsx", type: "EsxScenarioSpec", run: "only(simulateEsx(scenario).vms)"};
  const {machine} = value;
  if (typeof machine === "object" && machine !== null && "type" in machine) return {call: "simulateXen", type: "XenScenarioSpec", run: "simulateXen(scenario)"};
  return {call: "simulate", type: "ScenarioSpec", run: "simulate(scenario)"};
}

/** True for JSON that is a scenario of the model, and no notebook. */
export function isScenario(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "duration" in value && ("machine" in value || "vms" in value) && !("nbformat" in value);
  } catch {
    return false;
  }
}

/**
 * A scenario file as cells: the scenario with its units, its run, and the commands
 * that would do the same on a real host. Throws `CellsProblem`.
 */
export function fromScenario(text: string): readonly Cell[] {
  const {about, ...rest} = JSON.parse(text) as Record<string, unknown>;
  const scenario = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== "$schema"));
  const {type, run} = kindOf(scenario);
  const cell = (id: string, kind: Cell["kind"], code: string): Cell => ({id, kind, code, folded: false, slot: 0});
  return [
    ...(typeof about === "string" && about.trim() !== "" ? [cell("n1", "md", about.trim())] : []),
    cell("n2", "ts", `const scenario: ${type} = ${written(scenario, "", "", 0)};`),
    cell("n3", "ts", `const run = ${run};\nchart(run)`),
    cell("n4", "ts", "shellScript(scenario)")
  ];
}
