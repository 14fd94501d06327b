import {exact, none} from "./bars.ts";
import {isObject} from "./collector.ts";
import {cgroupRules} from "./published/cgroup.ts";
import {policyRules} from "./published/policies.ts";
import {rules} from "./published/rules.ts";
import {maybeNumber, object, text} from "./read.ts";
import type {Bar, Collector, Json, JsonObject, RecordedRow, Replayer} from "./types.ts";

/** The tolerance a row states, or the bounds; without either its printed digits have to agree; `shown` judges nothing. */
function barOf(given: JsonObject): Bar {
  const {within} = given;
  if (!isObject(within)) return exact;
  if (within["shown"] === true) return none;
  const [least, most] = [maybeNumber(within["least"]), maybeNumber(within["most"])];
  if (most !== undefined) return {kind: "between", least: least ?? 0, most};
  return {kind: "relative-or-absolute", fraction: maybeNumber(within["fraction"]) ?? 0, absolute: maybeNumber(within["absolute"]) ?? 0};
}

/** As many digits as were printed. */
function rounded(value: Json, digits: number | undefined): Json {
  return typeof value === "number" && digits !== undefined ? Number(value.toFixed(digits)) : value;
}

function replayRow({path, given, command, raw}: RecordedRow, found: Collector): void {
  const rule = rules[command] ?? policyRules[command] ?? cgroupRules[command];
  if (rule === undefined) {
    found.cannot(path, `no rule is called ${command}`);
    return;
  }
  const predicted = rule(given);
  for (const [name, published] of Object.entries(object(raw["published"], `${path}.published`))) {
    const own = predicted[name];
    if (own === undefined) found.cannot(`${path}.published.${name}`, `the rule ${command} says nothing about it`);
    else found.compare(`${path}.published.${name}`, rounded(own, maybeNumber(given["digits"])), published, barOf(given));
  }
}

/** Numbers others have published, each beside what the rule named in its row gives. */
export const replayPublished: Replayer = {
  name: "published numbers",
  accepts: ({setup}) => setup["kind"] === "published",
  replay(recording, found) {
    for (const row of recording.rows) replayRow(row, found);
    const left = recording.raw["notPredicted"];
    if (!Array.isArray(left)) return;
    left.forEach((one: Json, i) => {
      if (isObject(one)) found.cannot(`notPredicted[${i}]`, `${text(one["published"], "notPredicted[].published")}: ${text(one["reason"], "notPredicted[].reason")}`);
    });
  }
};
