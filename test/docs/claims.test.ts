import {readFileSync, readdirSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {tally} from "../../docs/components/browser/claims.ts";
import {claims, mails, type Claim} from "../../docs/components/build/claims-data.ts";
import {renderReference} from "../../docs/components/build/reference.tsx";
import {scenes} from "../../docs/components/pages/qemu-kvm-scenes.ts";
import {cells} from "../../docs/components/build/matrix-data.ts";
import {answerTo} from "../../docs/components/build/matrix-run.ts";
import {pageStateOf} from "../../docs/components/build/state-links.ts";
import {run as runEsx} from "../../docs/components/model/esx.ts";
import {seconds} from "../../src/units.ts";
import {checkRecording} from "../../src/check/check.ts";
import {parseRecordingText} from "../../src/check/parse.ts";
import {replayers} from "../../src/check/registry.ts";

const file = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const page = file("docs/thread.md");
const html = mails.map(({id}) => renderReference("claims", id) ?? "").join("");

/** Only what the tests below ask of a recording. */
interface Step {
  readonly act: {readonly text?: string};
  readonly exitCode?: number | null;
  readonly after?: {
    readonly guest?: {readonly MemTotalKiB?: number; readonly MemTotalChangeKiB?: number; readonly currentKiB?: number} | null;
    readonly xen?: {readonly totKiB: number; readonly maxKiB: number};
    readonly xenstore?: {readonly targetKiB: number; readonly staticMaxKiB: number};
    readonly cgroup?: {readonly memoryCurrentBytes: number; readonly memorySwapCurrentBytes: number; readonly memoryPeakBytes: number; readonly memoryEvents: {readonly oom_kill: number}};
    readonly host?: {readonly oomKills?: number};
  };
}
interface Row {
  readonly command: string;
  readonly exitCode: number;
  readonly result: {readonly state: string; readonly memoryKiB: number; readonly currentMemoryKiB: number; readonly xenstore?: {readonly staticMaxKiB: number; readonly targetKiB: number}};
}
interface Recording {
  readonly steps: readonly Step[];
  readonly rows: readonly Row[];
  readonly e820: readonly {readonly start: number; readonly end: number; readonly type: string}[];
  readonly series: {readonly guest: {readonly MemTotalKiB: readonly number[]}};
}

const recording = (name: string): Recording => JSON.parse(file(`data/recordings/${name}.json`)) as Recording;
const claim = (id: string): Claim => claims.find((c) => c.id === id) ?? expect.fail(`no claim ${id}`);
const named = (id: string): string => {
  const {evidence} = claim(id);
  return evidence.kind === "recording" ? evidence.recording : evidence.kind === "scene" ? evidence.scene : "";
};
const shown = (id: string): Recording => recording(named(id));
const totals = ({steps}: Recording): (number | undefined)[] => steps.map(({after}) => after?.guest?.MemTotalKiB);
const MIB = 1024;
const last = <T>(list: readonly T[]): T => list.at(-1) ?? expect.fail("empty");
const verdict = (id: string): readonly [string, string] => [claim(id).verdict2009.word, claim(id).verdictToday.word];
/** A claim's state on the page of ESX, just before its limit and at the moment it shows. */
function limited(id: string): {readonly before: EsxSnapshot; readonly after: EsxSnapshot} {
  const {evidence} = claim(id);
  if (evidence.kind !== "state") return expect.fail(`${id} has no state`);
  const state = pageStateOf(evidence.state);
  const made = runEsx(state);
  return {before: made.stateAt(seconds(19)), after: made.stateAt(seconds(state.params["time"] ?? 0))};
}
type EsxSnapshot = ReturnType<ReturnType<typeof runEsx>["stateAt"]>;
const ids = (letter: string, count: number): string[] => Array.from({length: count}, (_, i) => `${letter}${i + 1}`);

describe("claims.json", () => {
  test("has every claim of the mails once", () => {
    expect(claims.map(({id}) => id).sort()).toEqual([...ids("M", 7), ...ids("C", 6), ...ids("D", 10)].sort());
  });

  test("prints version and year beside every verdict, a reason and a source", () => {
    for (const c of claims) {
      for (const {read} of [c.verdict2009, c.verdictToday]) expect(read, c.id).toMatch(/\b20[0-2]\d\b|Linux 6\.1/);
      expect(c.why.length, c.id).toBeGreaterThan(40);
      expect(c.sources.length, c.id).toBeGreaterThan(0);
      for (const {url} of c.sources) expect(url, c.id).toMatch(/^https:\/\/github\.com\/.*\/(blob|commit|tree)\/([0-9a-f]{9,40}|v9\.0\.0|v0\.6\.3)|^https:\/\/git\.kernel\.org\/.*\?h=v6\.1\.192$|^https:\/\/knowledge\.broadcom\.com\/.*=326270$|^https:\/\/www\.usenix\.org\//);
      // A line is named only where that version's file was at hand.
      for (const {url, version} of c.sources) if (url?.includes("#L") === true) expect(["libvirt-9.0", "xen-2009", "xen-4.22", "qemu-2009"], c.id).toContain(version);
    }
  });

  test("leads to mails, scenes and recordings that are there", () => {
    const files = new Set(readdirSync(new URL("../../data/recordings/", import.meta.url)));
    for (const {id, evidence} of claims) {
      if (evidence.kind === "scene") expect(scenes.find(evidence.scene), id).not.toBeNull();
      if (evidence.kind === "cell") expect(cells.some((cell) => cell.id === evidence.cell), id).toBe(true);
      if (evidence.kind === "recording") expect(files.has(`${evidence.recording}.json`), id).toBe(true);
    }
    for (const {url} of mails) expect(page).toContain(url);
  });

  test("code in prose is closed, and nothing unchecked reaches a reader", () => {
    const prose = claims.flatMap((c) => [c.claim, c.why, c.evidence.note, c.verdict2009.note, c.verdictToday.note, ...c.sources.map(({text}) => text)]);
    expect(prose.filter((text) => text.split("`").length % 2 === 0)).toEqual([]);
    expect(JSON.stringify(claims) + page).not.toMatch(/\[MEM\]|\[K\]|\[recalled\]|\[DERIVED\]|LV18|LIN61|\/work\//);
  });
});

describe("the page", () => {
  test("shows every mail, and every verdict without JavaScript", () => {
    expect([...page.matchAll(/^```setmem claims (\S+)/gm)].map(([, id]) => id)).toEqual(mails.map(({id}) => id));
    expect(html.match(/<article /g)?.length).toBe(claims.length);
    expect(html.match(/<details class="claim-verdict" open/g)?.length).toBe(claims.length);
    expect(html.match(/data-answer=/g)?.length).toBe(3 * claims.length);
  });

  test("a mail that is not there is an error", () => expect(() => renderReference("claims", "fifth")).toThrow("no claims"));

  test("the tally counts agreement, and opinions apart", () => {
    expect(tally([{verdict: "true", answer: null}])).toBe("You have answered none of the 1 claims.");
    expect(tally([{verdict: "true", answer: "true"}, {verdict: "no", answer: "partly"}, {verdict: "opinion", answer: "no"}])).toMatch(/3 of 3 claims and agree .* 1 of 2; 1 is an opinion/);
    expect(tally([{verdict: "opinion", answer: "no"}, {verdict: "opinion", answer: "no"}])).toMatch(/0 of 0; 2 are opinions/);
  });
});

describe("what a run shows", () => {
  test("M3: SetMemory on QEMU is no cap: without a driver it moves nothing", () => {
    const series = scenes.find(named("M3"))?.data.series ?? [];
    const values = (key: string): Set<number> => new Set(series.find((s) => s.key === key)?.points.map(([, v]) => v));
    expect(values("target").size).toBeGreaterThan(1);
    expect(values("total").size).toBe(1);
    expect(verdict("M3")).toEqual(["no", "partly"]);
  });

  test("M1: the ESX driver of today answers both calls", () => {
    const answered = (id: string): string => answerTo(cells.find((cell) => cell.id === id) ?? expect.fail(`no cell ${id}`)).stderr;
    expect([answered("set-memory-esx-running"), answered("set-max-memory-esx-shut-off")]).toEqual(["", ""]);
    expect(claim("M1").evidence).toMatchObject({kind: "cell", cell: "set-memory-esx-running"});
    expect(verdict("M1")).toEqual(["true", "no"]);
  });

  test("M2, D6: an ESX guest sees its size, and the limit is on what the host holds", () => {
    const {before, after} = limited("M2");
    expect([before.configured, after.configured, after.memTotal]).toEqual([2048 * MIB, 2048 * MIB, before.memTotal]);
    expect(before.resident).toBeGreaterThan(1024 * MIB);
    expect(after.resident).toBeLessThanOrEqual(1024 * MIB);
    expect(claim("D6").evidence).toMatchObject({kind: "state", state: "esx-limited"});
    expect([verdict("M2"), verdict("D6")]).toEqual([["true", "true"], ["opinion", "partly"]]);
  });

  test("M5, M7: with the driver a limit fills the balloon, and the total does not follow", () => {
    const {before, after} = limited("M5");
    expect([before.balloon, after.balloon > 400 * MIB]).toEqual([0, true]);
    expect(limited("M7").after.memTotal).toBe(before.memTotal);
    expect([verdict("M5"), verdict("M7")]).toEqual([["true", "true"], ["partly", "partly"]]);
  });

  test("M6: without it the host swaps", () => {
    const {before, after} = limited("M6");
    expect([after.balloon, before.hostSwapped]).toEqual([0, 0]);
    expect(after.hostSwapped).toBeGreaterThan(200 * MIB);
    expect(after.resident).toBeLessThanOrEqual(1024 * MIB);
    expect(verdict("M6")).toEqual(["true", "true"]);
  });

  test("only an opinion is left without a run", () => {
    for (const {id, evidence, verdict2009, verdictToday} of claims) if (evidence.kind === "none") expect([verdict2009.word, verdictToday.word], id).toEqual(["opinion", "opinion"]);
  });

  test("M4: MemTotal follows Xen's target one to one", () => {
    expect(totals(shown("M4"))).toEqual([2006852, 958276, 433988, 2006852]);
    expect(2006852 - 958276).toBe(1024 * MIB);
    expect(verdict("M4")).toEqual(["true", "true"]);
  });

  test("C1: virtio's driver does the same", () => {
    const found = shown("C1").series.guest.MemTotalKiB;
    const top = Math.max(...found);
    for (const less of [1024, 1536]) expect(found).toContain(top - less * MIB);
    expect(last(found)).toBe(top);
    expect(verdict("C1")).toEqual(["no", "no"]);
  });

  test("C2, C4, C5: built with memory, refused above maxmem", () => {
    const {steps} = shown("C5");
    expect(steps[0]?.after?.xenstore).toMatchObject({targetKiB: 1024 * MIB, staticMaxKiB: 2048 * MIB});
    expect(steps[0]?.after?.xen?.totKiB).toBe(1024 * MIB);
    expect(steps[0]?.after?.guest?.MemTotalKiB).toBe(958276);
    expect(steps.map(({act, exitCode}) => [act.text?.match(/mem-set guest (\d+)/)?.[1], exitCode]).filter(([, code]) => code === 1)).toEqual([["3072", 1], ["2049", 1]]);
    expect([named("C2"), named("C4")]).toEqual([named("C5"), named("C5")]);
    expect([verdict("C2"), verdict("C4"), verdict("C5")]).toEqual([["true", "true"], ["partly", "partly"], ["true", "true"]]);
  });

  test("C3: the map ends at maxmem, unless Linux ends it at eleven times memory", () => {
    expect(last(shown("C3").e820).end + 1).toBe(11 * 256 * MIB * MIB);
    expect(last(recording("xen-xl-pv-1024-2048").e820).end + 1).toBe(2048 * MIB * MIB);
    expect(verdict("C3")).toEqual(["true", "partly"]);
  });

  test("D1: a fully virtual Xen guest follows the same model", () => {
    const [full = 0, down = 0, back] = totals(shown("D1")).slice(1);
    expect([full - down, back]).toEqual([1024 * MIB, full]);
    expect(verdict("D1")).toEqual(["true", "true"]);
  });

  test("D2: libvirt's two elements are Xen's two numbers", () => {
    const {result} = shown("D2").rows.find(({command}) => command === "virsh start u1") ?? expect.fail("no start");
    expect([result.memoryKiB, result.currentMemoryKiB]).toEqual([1048576, 512000]);
    expect(result.xenstore).toEqual({staticMaxKiB: 1048576, targetKiB: 512000});
    expect(verdict("D2")).toEqual(["true", "true"]);
  });

  test("D3: the map's usable ranges are the configured size less 513 KiB", () => {
    const usable = shown("D3").e820.filter(({type}) => type === "usable").reduce((sum, {start, end}) => sum + end + 1 - start, 0);
    expect(usable / MIB).toBe(2048 * MIB - 513);
    expect(verdict("D3")).toEqual(["true", "true"]);
  });

  test("D4: the cap falls, the guest keeps what it has", () => {
    const set = shown("D4").steps.find(({act}) => act.text === "xl mem-set guest 1024");
    expect(set?.exitCode).toBe(0);
    expect(set?.after?.xen).toMatchObject({totKiB: 1340 * MIB, maxKiB: 1025 * MIB});
    expect(verdict("D4")).toEqual(["true", "true"]);
  });

  test("D5: with deflate on OOM the total stays", () => {
    const total = scenes.find(named("D5"))?.data.series.find((s) => s.key === "total");
    expect(new Set(total?.points.map(([, v]) => v)).size).toBe(1);
    expect(new Set(recording("qemu-balloon-series-dirty-deflate-on-oom").series.guest.MemTotalKiB).size).toBe(1);
    expect(verdict("D5")).toEqual(["partly", "partly"]);
  });

  test("D7, D8: a limit holds, the rest is swapped, and without swap QEMU is killed", () => {
    expect(named("D7")).toBe(named("D8"));
    const {after} = last(shown("D8").steps);
    expect(after?.cgroup?.memoryPeakBytes).toBe(500 * MIB * MIB);
    expect(Math.round((after?.cgroup?.memorySwapCurrentBytes ?? 0) / MIB / MIB)).toBe(402);
    expect(after?.guest?.MemTotalChangeKiB).toBe(0);
    expect(last(recording("cgroup-vm-no-driver-no-swap-700").steps).after?.host?.oomKills).toBe(1);
    expect([verdict("D7"), verdict("D8")]).toEqual([["partly", "true"], ["true", "partly"]]);
  });

  test("D9: at the mail's own numbers it fits, just", () => {
    const {cgroup} = last(shown("D9").steps).after ?? {};
    expect(Math.round((cgroup?.memoryCurrentBytes ?? 0) / MIB / MIB)).toBe(489);
    expect(cgroup?.memoryEvents.oom_kill).toBe(0);
    expect(verdict("D9")).toEqual(["opinion", "partly"]);
  });

  test("D10: memtune is there", () => {
    expect(shown("D10").rows.find(({command}) => command === "virsh memtune t1 --hard-limit 500M --config")?.exitCode).toBe(0);
    expect(verdict("D10")).toEqual(["true", "no"]);
  });

  test.each(["M4", "C1", "C3", "C5", "D1", "D2", "D3", "D4", "D10"])("%s: the model predicts its recording", (id) => {
    const name = `${named(id)}.json`;
    expect(checkRecording(parseRecordingText(file(`data/recordings/${name}`), name), replayers).ok).toBe(true);
  });
});
