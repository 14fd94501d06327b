import claimsJson from "../../../data/claims.json" with {type: "json"};
import {layers, versionById, type Layer} from "./reference-data.ts";
import {isStateName, type StateName} from "./state-links.ts";

/** The claims of the mails, checked once when they are read. */
export const words = ["true", "partly", "no", "opinion"] as const;
export type Word = (typeof words)[number];

export interface Verdict {
  readonly word: Word;
  readonly note: string;
  /** What was read or run for it, with its year. */
  readonly read: string;
}

export type ClaimEvidence =
  | {readonly kind: "none"; readonly note: string}
  | {readonly kind: "scene"; readonly scene: string; readonly note: string}
  | {readonly kind: "cell"; readonly cell: string; readonly note: string}
  | {readonly kind: "state"; readonly state: StateName; readonly note: string}
  | {readonly kind: "recording"; readonly recording: string; readonly draw: boolean; readonly note: string};

export interface Mail {
  readonly id: string;
  readonly who: string;
  readonly date: string;
  readonly url: string;
  /** False where only the month's index is known. */
  readonly exact: boolean;
}

export interface Claim {
  readonly id: string;
  readonly who: string;
  readonly mail: Mail;
  readonly layer: Layer | null;
  readonly claim: string;
  readonly verdict2009: Verdict;
  readonly verdictToday: Verdict;
  readonly why: string;
  readonly sources: readonly {readonly text: string; readonly version: string; readonly url: string | null}[];
  readonly evidence: ClaimEvidence;
}

type Raw = (typeof claimsJson.claims)[number];

function oneOf<T extends string>(allowed: readonly T[], value: string): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new Error(`unknown word: ${value}`);
  return found;
}

const verdict = (raw: Raw["verdict2009"]): Verdict => ({...raw, word: oneOf(words, raw.word)});

function evidence({kind, note, scene, cell, state, recording, draw}: {kind: string; note: string; scene?: string; cell?: string; state?: string; recording?: string; draw?: boolean}): ClaimEvidence {
  if (kind === "scene" && scene !== undefined) return {kind, scene, note};
  if (kind === "recording" && recording !== undefined) return {kind, recording, draw: draw === true, note};
  if (kind === "cell" && cell !== undefined) return {kind, cell, note};
  if (kind === "state" && state !== undefined && isStateName(state)) return {kind, state, note};
  if (kind === "none") return {kind, note};
  throw new Error(`no evidence of kind ${kind}`);
}

export const mails: readonly Mail[] = claimsJson.mails;

function claim(raw: Raw): Claim {
  const mail = mails.find(({id}) => id === raw.mail);
  if (mail?.who !== raw.who) throw new Error(`${raw.id}: not the writer of its mail`);
  for (const source of raw.sources) versionById(source.version);
  return {...raw, mail, layer: raw.layer === null ? null : oneOf(layers, raw.layer), verdict2009: verdict(raw.verdict2009), verdictToday: verdict(raw.verdictToday), evidence: evidence(raw.evidence)};
}

export const claims: readonly Claim[] = claimsJson.claims.map(claim);
