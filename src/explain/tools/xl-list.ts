import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft} from "../types.ts";
import {whole, type Observations, type Observed} from "./observe.ts";

/** `xl list`: KiB by domain name; its column is MiB, cut off. */
export function readXlList(text: string): Observations {
  const found = new Map<string, Observed>();
  for (const match of text.matchAll(/^(\S[^\n]{0,200}?)[ \t]{1,80}(\d{1,10})[ \t]{1,40}(\d{1,16})[ \t]{1,40}(\d{1,10})[ \t]{1,40}([a-z-]{6,12})[ \t]{1,40}[\d.]{1,20}[ \t\r]{0,40}$/gm)) {
    const [all, name = "", , mem = ""] = match;
    const value = whole(mem);
    if (value !== null && value < 2 ** 43) found.set(name, {value: value * 1024, span: {start: match.index, end: match.index + all.length}});
  }
  return found;
}

/** What the Mem column is taken for. */
export function xlListDrafts(observed: Observations): readonly Draft[] {
  const guests = [...observed].filter(([name]) => name !== "Domain-0");
  const first = guests[0]?.[1] ?? [...observed.values()][0];
  const total = [...observed.values()].reduce((sum, {value}) => sum + (value ?? 0), 0);
  return [
    {code: "mem-is-owned", severity: "note", layer: "backing", at: first?.span ?? null, what: "Mem is what a domain may own now, in whole MiB.", meaning: "It is neither what the guest was configured with nor what it uses, and it follows the balloon.", action: "Compare with memory/target and memory/static-max in xenstore.", source: SOURCES.xlList},
    {code: "host-total", severity: "note", layer: "backing", at: null, what: `The domains together have ${size(total)}.`, meaning: "Xen does not overcommit: this, Xen's own and what is free are the host's memory.", action: "", source: SOURCES.libxl}
  ];
}
