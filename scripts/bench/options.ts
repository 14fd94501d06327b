import {parseArgs} from "node:util";

export const STEPS = ["lighthouse", "load", "drag", "heap", "engine", "maps"] as const;
export type Step = (typeof STEPS)[number];

export interface Options {
  readonly runs: number;
  readonly pages: readonly string[] | null;
  readonly only: ReadonlySet<Step>;
  readonly json: string | null;
  readonly update: boolean;
  readonly strict: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [options]
  --quick          one run of each instead of five (drags: one instead of three)
  --runs N         runs of Lighthouse; drags are run N times, at most three
  --pages a,b      only these pages (index, qemu-kvm, ...)
  --only a,b       only these of ${STEPS.join(", ")}
  --json FILE      everything measured, as JSON
  --update         write this run's ratios to bench/reference.json
  --strict         fail also where a bar is missed`;

const isStep = (name: string): name is Step => (STEPS as readonly string[]).includes(name);
const list = (text: string): string[] => text.split(",").map((item) => item.trim()).filter((item) => item !== "");

export function parseOptions(args: readonly string[]): Options {
  const {values} = parseArgs({
    args: [...args],
    options: {
      quick: {type: "boolean", default: false},
      runs: {type: "string"},
      pages: {type: "string"},
      only: {type: "string"},
      json: {type: "string"},
      update: {type: "boolean", default: false},
      strict: {type: "boolean", default: false},
      help: {type: "boolean", default: false}
    }
  });
  const runs = values.runs === undefined ? (values.quick ? 1 : 5) : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs expects a whole number from 1 up");
  const only = values.only === undefined ? [...STEPS] : list(values.only);
  const unknown = only.filter((name) => !isStep(name));
  if (unknown.length > 0) throw new Error(`--only knows ${STEPS.join(", ")}, not ${unknown.join(", ")}`);
  return {
    runs,
    pages: values.pages === undefined ? null : list(values.pages),
    only: new Set(only.filter(isStep)),
    json: values.json ?? null,
    update: values.update,
    strict: values.strict,
    help: values.help
  };
}
