import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {knobsOf, spec} from "../../../../docs/components/pages/together.tsx";
import {initialState} from "../../../../docs/components/state/page-state.ts";
import {kvmRuns, recordedLevels, recordedRuns, xenRun} from "../../../../docs/components/together/recorded.ts";
import {briefs, runs, type Knobs} from "../../../../docs/components/together/systems.ts";
import {seconds} from "../../../../src/units.ts";

interface Step {
  readonly act: {readonly tool: string; readonly text?: string; readonly memoryMiB?: number};
  readonly after: {
    readonly guest?: {readonly MemTotalKiB?: number; readonly oomKills?: number} | null;
    readonly host?: {readonly oomKills?: number; readonly cgroupSwapKiB?: number};
    readonly cgroup?: {readonly memoryCurrentBytes: number; readonly memorySwapCurrentBytes: number};
    readonly xen?: {readonly guestCurrentKiB: number};
  };
}

interface Recording {
  readonly setup: {
    readonly memoryMiB: number; readonly balloonTargetMiB: number; readonly balloonDriverLoaded: boolean;
    readonly cgroup: {readonly memoryMaxBytes: number; readonly memorySwapMaxBytes: number | null};
  };
  readonly steps: readonly Step[];
}

const read = (file: string): Recording => JSON.parse(readFileSync(`data/recordings/${file}.json`, "utf8")) as Recording;
const initial = knobsOf(initialState(spec));
const knobs = (over: Partial<Knobs>): Knobs => ({...initial, ...over});
const rounded = (bytes: number): number => Math.round(bytes / 1024 / 102.4) / 10;
const step = ({steps}: Recording, is: (act: Step["act"]) => boolean): Step["after"] => {
  const found = steps.find(({act}) => is(act));
  if (found === undefined) throw new Error("no such step in the recording");
  return found.after;
};

describe.each(kvmRuns)("$file", (run) => {
  const recording = read(run.file);
  const written = step(recording, ({tool}) => tool === "guest process");
  const current = (after: Step["after"]): number => rounded(after.cgroup?.memoryCurrentBytes ?? NaN);

  test("was a machine with the knobs it stands for", () => {
    const {memoryMiB, balloonTargetMiB, balloonDriverLoaded, cgroup} = recording.setup;
    expect([memoryMiB, balloonTargetMiB, balloonDriverLoaded, cgroup.memoryMaxBytes / 2 ** 20, cgroup.memorySwapMaxBytes !== 0]).toEqual([1024, 500, run.driver, 500, run.swap]);
    expect(recording.steps.find(({act}) => act.tool === "guest process")?.act.memoryMiB).toBe(run.load);
  });

  test("its levels are those of the recording", () => {
    const booted = current(step(recording, ({tool}) => tool === "qemu"));
    const told = run.driver ? current(step(recording, ({text}) => text?.includes("virtio_balloon") === true && text.startsWith("insmod"))) : booted;
    expect(run.charged).toEqual({booted: run.driver ? booted : null, told, written: current(written)});
    expect(run.swapped).toBe(rounded(written.cgroup?.memorySwapCurrentBytes ?? NaN));
  });

  test("its outcome is that of the recording, and of the model", () => {
    const killed = written.guest === null && written.host?.oomKills === 1;
    const outcome = killed ? "vm-killed" : (written.guest?.oomKills ?? 0) > 0 ? "guest-oom" : (written.host?.cgroupSwapKiB ?? 0) > 0 ? "host-swaps" : "fits";
    const same = knobs({driver: run.driver, swap: run.swap, load: run.load});
    expect([run.outcome, briefs.KVM(same)]).toEqual([outcome, outcome]);
    expect(recordedRuns(same).map(({y}) => y)).toEqual([run.load]);
  });

  test("the model's run goes by its dots", () => {
    const same = knobs({driver: run.driver, swap: run.swap, load: run.load});
    const {charged, columns, times} = runs.KVM(same);
    const row = (t: number): number => times.findIndex((at) => at >= t - 1e-9);
    for (const {key, points} of recordedLevels(same, "KVM")) {
      for (const [t, value] of points) {
        const ours = ((key === "swap" ? columns.hostSwapped : charged)?.[row(t)] ?? NaN) / 1024;
        expect(Math.abs(ours - value), `${key} at ${t} s: ${ours}`).toBeLessThanOrEqual(Math.max(0.2 * value, 16));
      }
    }
  });
});

test("the recorded Xen domain", () => {
  const recording = read(xenRun.file);
  const at = (text: string): Step["after"] => step(recording, (act) => act.text === text);
  for (const [text, state] of [["xl mem-set u1 1024", "booted"], ["xl mem-set u1 500", "told"]] as const) {
    expect(rounded((at(text).guest?.MemTotalKiB ?? NaN) * 1024)).toBe(xenRun.memTotal[state]);
    expect(rounded((at(text).xen?.guestCurrentKiB ?? NaN) * 1024)).toBe(xenRun.held[state]);
  }
  const {stateAt} = runs.Xen(initial);
  for (const {key, points} of recordedLevels(initial, "Xen")) {
    for (const [t, value] of points) expect(stateAt(seconds(t))[key === "total" ? "memTotal" : "resident"] / 1024).toBeCloseTo(value, 1);
  }
});

test("a recording speaks only for its own switches", () => {
  expect(recordedLevels(initial, "KVM").flatMap(({points}) => points)).toHaveLength(3);
  expect(recordedLevels(knobs({load: 400}), "KVM").flatMap(({points}) => points)).toHaveLength(2);
  for (const other of [{cap: 504}, {maxmem: 1040}, {reservation: 4}, {guestSwap: true}, {short: true}, {swap: true}, {target: 504}]) expect(recordedLevels(knobs(other), "KVM")).toEqual([]);
  for (const other of [{target: 504}, {maxmem: 1040}, {driver: false}]) expect(recordedLevels(knobs(other), "Xen")).toEqual([]);
  expect(recordedLevels(knobs({cap: 300}), "Xen")).toHaveLength(2);
  expect(recordedLevels(initial, "ESX")).toEqual([]);
});
