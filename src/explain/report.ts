import {size} from "./size.ts";
import type {Explanation, Finding, Loss} from "./types.ts";

const orNone = (value: number | null): string => (value === null ? "none" : size(value));

/** Drivers whose currentMemory no guest is asked to reach. */
const CAPS: ReadonlySet<string> = new Set(["esx", "lxc"]);

function layers({domain, started}: Explanation): readonly string[] {
  if (!domain || !started) return [];
  return [
    `configured  ${size(started.memory)}${started.memory === domain.memory ? "" : ` (as written: ${size(domain.memory)})`}`,
    `target      ${CAPS.has(started.driver) ? "none: currentMemory is the host's cap here" : size(started.currentMemory)}`,
    `host's cap  ${orNone(started.hostCap)}`,
    `guaranteed  ${orNone(started.guaranteed)}`,
    ...(domain.maxMemory === null ? [] : [`room up to  ${size(domain.maxMemory)}, ${domain.slots ?? 0} slots`])
  ];
}

const placeOf = ({place}: {readonly place: Finding["place"]}): string => (place ? `${place.line}:${place.column}: ` : "");

function findingText(finding: Finding): string {
  const rest = [finding.meaning, finding.action, `(${finding.source})`].filter((line) => line !== "");
  return [`${finding.severity}: ${placeOf(finding)}${finding.what} [${finding.code}]`, ...rest.map((line) => `    ${line}`)].join("\n");
}

function observedLines({observed}: Explanation): readonly string[] {
  return Object.entries(observed ?? {}).map(([key, value]) => `${key}  ${value === null ? "unlimited" : value}`);
}

/** An explanation for a terminal. */
export function explanationText(explanation: Explanation, file: string | null): string {
  const unknown = explanation.unknown.map(({what, why, layers: touched}) => `not known: ${what}: ${why} (touches ${touched.join(", ")})`);
  const head = `${file === null ? "" : `${file}: `}${explanation.format}${explanation.domain?.name ? `, ${explanation.domain.name}` : ""}`;
  return [head, ...[...layers(explanation), ...observedLines(explanation)].map((line) => `  ${line}`), ...explanation.findings.map(findingText), ...unknown].join("\n");
}

/** What a translation could not keep, in one line. */
export const lossText = (loss: Loss): string => `lost: ${placeOf(loss)}${loss.field}: ${loss.before} -> ${loss.after ?? "nothing"}; ${loss.why}`;
