import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {calls, cellOf, cells, drivers, notRead, states, type Cell, type Refusal, type Trial} from "../../docs/components/build/matrix-data.ts";
import {answerTo, CURRENT, MEMORY, sampleDomain, sampleOnLibxl} from "../../docs/components/build/matrix-run.ts";
import {messages, versionById, type Layer} from "../../docs/components/build/reference-data.ts";
import {renderReference} from "../../docs/components/build/reference.tsx";
import {getMaxMemory, getMemoryStats, setMaxMemory, setMemory, setMemoryFlags, setMemoryParameters, setMemoryStatsPeriod} from "../../src/control/libvirt/api.ts";
import {settleOnLibxl} from "../../src/control/libxl/libvirt.ts";
import {Flags, type CallResult, type DomainState} from "../../src/control/types.ts";
import {noLimits, type DomainDef} from "../../src/domain/libvirt/domain-def.ts";
import {kib} from "../../src/units.ts";

const flagged = (flags: number) => (state: DomainState, size: number) => setMemoryFlags(state, BigInt(size), flags);
const limited = (name: string) => (state: DomainState, size: number) => setMemoryParameters(state, {[name]: kib(size)}, Flags.CURRENT);

/** The API call behind each column of the matrix, with a size in KiB. */
const apiOf: Readonly<Record<string, (state: DomainState, size: number) => CallResult<unknown>>> = {
  "get-max-memory": getMaxMemory,
  "set-max-memory": (state, size) => setMaxMemory(state, BigInt(size)),
  "set-memory": (state, size) => setMemory(state, BigInt(size)),
  "flags-live": flagged(Flags.LIVE),
  "flags-config": flagged(Flags.CONFIG),
  "flags-current": flagged(Flags.CURRENT),
  "flags-maximum": flagged(Flags.MAXIMUM),
  "flags-maximum-live": flagged(Flags.MAXIMUM | Flags.LIVE),
  "flags-maximum-config": flagged(Flags.MAXIMUM | Flags.CONFIG),
  "hard-limit": limited("hard_limit"),
  "soft-limit": limited("soft_limit"),
  "swap-hard-limit": (state, size) => setMemoryParameters(state, {hard_limit: kib(size), swap_hard_limit: kib(size)}, Flags.CURRENT),
  "swap-hard-limit alone": limited("swap_hard_limit"),
  "min-guarantee": limited("min_guarantee"),
  "memory-stats": getMemoryStats,
  "stats-period": (state) => setMemoryStatsPeriod(state, 5, Flags.CURRENT)
};

const GIB = 1048576;
const usualSize = (call: string): number => (call === "set-memory" || /^flags-(live|config|current)$/.test(call) ? GIB / 2 : call === "min-guarantee" ? GIB : 3 * GIB);

/** A domain on which a refusal can be met. */
const changes: Readonly<Record<string, Partial<DomainDef>>> = {
  "numa": {cells: [MEMORY]},
  "max-memory": {max: MEMORY, slots: 1},
  "no-balloon": {balloon: {model: "none", autodeflate: false, freePageReporting: false, period: 0}},
  "swap-limit": {limits: {...noLimits, swapHard: kib(GIB)}},
  "hard-limit": {limits: {...noLimits, hard: kib(4 * GIB)}},
  "reserved": {limits: {...noLimits, minGuarantee: kib(GIB)}}
};

/** A host's own reason, which stands behind ESX's messages. */
const REASON = "reason of the host";

function domainFor({driver, state}: Cell, {host}: Trial): DomainState {
  const domain = sampleDomain(driver, state, host === null ? {} : changes[host]);
  const connection = {...domain.connection, ...(host === "session" ? {session: true} : {}), ...(host === "no-cgroup" ? {cgroupMemory: false} : {})};
  return {...domain, connection, ...(host === "refuses" ? {hostRefuses: REASON} : {})};
}

/** Whether swap_hard_limit is set without hard_limit; ESX would name the other one first. */
const isAlone = ({call, driver}: Cell, {host}: Trial): boolean => call === "swap-hard-limit" && (driver === "esx" || host === "hard-limit" || host === "alone");

function call(cell: Cell, trial: Trial = {size: null, host: null}): {readonly before: DomainState; readonly result: CallResult<unknown>} {
  const api = apiOf[isAlone(cell, trial) ? "swap-hard-limit alone" : cell.call] ?? expect.unreachable(cell.call);
  const before = domainFor(cell, trial);
  const result = api(before, trial.size ?? usualSize(cell.call));
  const staticMax = trial.host === "lowered-maximum" ? kib(1.5 * GIB) : MEMORY;
  return {before, result: cell.driver === "libxl" ? settleOnLibxl(result, sampleOnLibxl(staticMax)) : result};
}

const differs = (key: keyof DomainDef, a: DomainDef, b: DomainDef): boolean => JSON.stringify(a[key]) !== JSON.stringify(b[key]);

/** What the two sizes of a definition are on each driver; LXC's start does not use the second. */
const sizeLayers: Readonly<Record<string, readonly [Layer, Layer | null]>> = {esx: ["configured", "backing"], lxc: ["backing", null]};

/** Layers in which two definitions differ. */
function changedIn(driver: string, a: DomainDef | null, b: DomainDef | null): Layer[] {
  if (a === null || b === null) return [];
  const [total, current] = sizeLayers[driver] ?? ["configured", "target"];
  const changed = [differs("total", a, b) ? total : null, differs("current", a, b) ? current : null, differs("limits", a, b) ? ("backing" as const) : null];
  return changed.filter((layer) => layer !== null);
}

const effectLayer = {"balloon": "target", "limits": "backing", "allocation": "backing", "maximum": "backing", "stats-period": null, "start": null, "stop": null, "attach-memory": "configured"} as const;

const sameError = (result: CallResult<unknown>, {code, message}: Refusal): void => {
  if (result.ok) return expect.unreachable("no error");
  const text = message.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/%lu|%d/g, "\\d+").replaceAll("%s", ".+");
  expect(result.error.code).toBe(code);
  expect(result.error.message).toMatch(new RegExp(`^${text}$`));
};

describe("libvirt-matrix.json", () => {
  test("one cell for every call, driver and state, each with its id", () => {
    expect(cells.length).toBe(calls.length * drivers.length * states.length);
    for (const {id: name} of calls) for (const {id} of drivers) for (const state of states) expect(cellOf(name, id, state).id).toBe(`${name}-${id}-${state.replace(" ", "-")}`);
  });

  test("every cell names what was read, and links only to messages that are there", () => {
    const known = new Map(messages.messages.map((m) => [m.id, m]));
    for (const cell of cells) {
      expect(versionById(cell.version).name, cell.id).not.toBe("");
      for (const refusal of [...cell.others, ...(cell.refuses === null ? [] : [cell.refuses])]) {
        const entry = known.get(refusal.entry ?? "") ?? expect.unreachable(`${cell.id}: ${refusal.entry ?? ""}`);
        const words = entry.message.split(/%l*[sdu]/);
        if (entry.code !== null) expect(refusal.code, cell.id).toBe(entry.code);
        for (const part of words) expect(refusal.message, cell.id).toContain(part);
      }
    }
  });

  test("a refused cell moves and reads nothing", () => {
    for (const cell of cells.filter(({refuses}) => refuses !== null)) expect([cell.id, cell.moves, cell.when, cell.reads]).toEqual([cell.id, null, null, []]);
  });

  test("every refusal has a way to meet it, and a code", () => {
    for (const {id, others} of cells) for (const {trial, code} of others) expect([trial === null, code === null], id).toEqual([false, false]);
  });

  test("nothing unchecked reaches a reader", () => {
    const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
    for (const name of ["data/libvirt-matrix.json", "docs/libvirt.md"]) expect(read(name)).not.toMatch(/\[MEM\]|\[K\]|\[recalled\]|LV18|LVidx|\/work\//);
    expect(notRead.map(({driver}) => driver)).toEqual(["hyperv", "openvz", "vz", "vbox"]);
  });
});

describe("every cell is what the model does", () => {
  for (const cell of cells) {
    test(cell.id, () => {
      const {before, result} = call(cell);
      if (cell.refuses !== null) {
        sameError(result, cell.refuses);
        return;
      }
      if (!result.ok) return expect.unreachable(result.error.message);
      const {state, effects} = result.value;
      const now = [...(before.id === null ? [] : changedIn(cell.driver, before.def, state?.def ?? null)), ...effects.flatMap(({kind}) => effectLayer[kind] ?? [])];
      const later = changedIn(cell.driver, before.next ?? before.def, state?.next ?? state?.def ?? null);
      const stored = before.id === null ? later : changedIn(cell.driver, before.next, state?.next ?? null);
      if (cell.when === null) expect([state, effects]).toEqual([before, []]);
      expect(new Set([...now, ...stored])).toEqual(new Set(cell.moves === null ? [] : [cell.moves]));
      if (cell.moves !== null) expect([now.length > 0, stored.length > 0]).toEqual([cell.when === "now", cell.when === "next start"]);
      if (cell.reads.length > 0) expect([state, effects]).toEqual([before, []]);
    });

    for (const refusal of cell.others) {
      test(`${cell.id}: ${refusal.when ?? ""}`, () => {
        sameError(call(cell, refusal.trial ?? undefined).result, refusal);
      });
    }

    test(`${cell.id}: virsh`, () => {
      const answer = answerTo(cell);
      expect(answer.exitCode).toBe(cell.refuses === null ? 0 : 1);
      if (cell.refuses !== null) expect(answer.stderr.split("\n").at(-1)).toBe(`error: ${cell.refuses.message}`);
    });
  }

  test("sizes are read as they are said to be", () => {
    const {result} = call(cellOf("get-max-memory", "qemu", "running"));
    expect(result.ok && result.value.result).toBe(MEMORY);
    expect(answerTo(cellOf("get-max-memory", "qemu", "running")).stdout).toMatch(new RegExp(`Max memory: +${MEMORY} KiB\nUsed memory: +${CURRENT} KiB`));
    expect(answerTo(cellOf("memory-stats", "qemu", "running")).stdout).toMatch(new RegExp(`^actual ${CURRENT}\n(.*\n)*rss \\d+$`));
  });
});

describe("the matrix as a page", () => {
  const html = ["overview", "calls", "not-read"].map((part) => renderReference("matrix", part) ?? "").join("");
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);

  test("every cell has its place, once, and the overview leads to it", () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const {id} of cells) expect([ids.includes(id), html.includes(`href="#${id}"`)], id).toEqual([true, true]);
  });

  test("every refusal is a link to its meaning", () => {
    expect(html).toContain('href="symptoms.html#message-cannot-resize-the-maximum-memory-on-an-active-domain"');
    expect(() => renderReference("matrix", "nosuch")).toThrow("no part");
  });

  test("worked sizes are libvirt's", () => {
    const sizes = renderReference("xml-sizes", "") ?? "";
    expect(sizes).toContain("<td>1024000</td><td><code>-m 1000</code></td>");
    expect(sizes).toContain("<td>219100</td><td><code>-m 214</code></td>");
    expect(sizes).toContain("<td>2097152, current 1500001</td>");
  });
});
