import {ModelError} from "../../src/errors.ts";
import {explain} from "../../src/explain/explain.ts";
import {decodeText} from "../../src/domain/formats/decode.ts";
import type {TextFormat} from "../../src/domain/formats/detect.ts";
import {configs, everything, outputs} from "./examples.ts";

/** A small seeded generator (mulberry32): the same cases from the same seed. */
export function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FORMATS = [...Object.keys(configs), ...Object.keys(outputs), undefined] as (TextFormat | undefined)[];
const PIECES = ["<", ">", "</memory>", "<memory>", "&a;", "'", '"', "\\", "\n", "=", ",", "[", "]", "-m", " ", "99999999999999999999", "-1", "0", "1e9", "NaN", "max", "unlimited", "MB", "__proto__", "constructor", "\u0000", "\uFEFF", "\uD800", "🐏", "<!DOCTYPE a [<!ENTITY a 'b'>]>", "<![CDATA[", "]]>", "<!--", "=\"", "slots=", "maxmem=", "{", "}", "size=", "unit='KB'", "18446744073709551616", ";", "#"];

type Rng = () => number;
const pick = <T>(rng: Rng, list: readonly T[]): T => list[Math.floor(rng() * list.length)] as T;
const cut = (rng: Rng, text: string): number => Math.floor(rng() * (text.length + 1));

const MUTATIONS: readonly ((rng: Rng, text: string) => string)[] = [
  (rng, text) => text.slice(0, cut(rng, text)),
  (rng, text) => text.slice(cut(rng, text)),
  (rng, text) => {
    const at = cut(rng, text);
    return text.slice(0, at) + pick(rng, PIECES) + text.slice(at);
  },
  (rng, text) => {
    const at = cut(rng, text);
    return text.slice(0, at) + text.slice(at + Math.floor(rng() * 20));
  },
  (rng, text) => text.replace(/\d+/g, (digits) => (rng() < 0.2 ? pick(rng, PIECES) : digits)),
  (rng, text) => {
    const lines = text.split("\n");
    const [a, b] = [Math.floor(rng() * lines.length), Math.floor(rng() * lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? "", lines[a] ?? ""];
    return lines.join("\n");
  },
  (rng, text) => text + pick(rng, everything),
  (rng) => Array.from({length: Math.floor(rng() * 40)}, () => pick(rng, PIECES)).join(""),
  (rng) => Array.from({length: Math.floor(rng() * 200)}, () => String.fromCharCode(Math.floor(rng() * 65536))).join(""),
  (rng, text) => {
    const bytes = new TextEncoder().encode(text);
    for (let i = 0; i < 3; i++) bytes[Math.floor(rng() * bytes.length)] = Math.floor(rng() * 256);
    return decodeText(bytes).text;
  },
  (_, text) => text.replace(/[\s\S]/g, (c) => `${c}\u0000`),
  (_, text) => text.toUpperCase()
];

/** One case: a text, and the format it is said to be in. */
export function fuzzCase(rng: Rng): {readonly text: string; readonly from: TextFormat | undefined} {
  let text = pick(rng, everything);
  for (let n = 1 + Math.floor(rng() * 3); n > 0; n--) text = pick(rng, MUTATIONS)(rng, text);
  return {text, from: rng() < 0.5 ? undefined : pick(rng, FORMATS)};
}

function badNumber(value: unknown, path: string): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : path;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const bad = badNumber(inner, `${path}.${key}`);
    if (bad !== null) return bad;
  }
  return null;
}

/** What is wrong with how a text was taken; null: a result, or a named error with a place. */
export function verdict(text: string, from: TextFormat | undefined): string | null {
  try {
    return badNumber(explain(text, {from}), "");
  } catch (error) {
    if (error instanceof ModelError && /^\d+:\d+$/.test(error.path) && error.code !== "") return null;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
