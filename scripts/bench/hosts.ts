import {resolveMachine} from "../../src/domain/machine.ts";
import {momPolicy} from "../../src/policy/mom.ts";
import type {PolicyKind} from "../../src/policy/policy.ts";
import {proxmoxPolicy} from "../../src/policy/proxmox.ts";
import {simulateEsx} from "../../src/simulation/esx/simulate-esx.ts";
import {simulateHost} from "../../src/simulation/shared/simulate-host.ts";
import {kib, mib, mibToKib, seconds, type KiB} from "../../src/units.ts";

const size = (value: number): KiB => mibToKib(mib(value));

/** An hour of steps of a tenth of a second. */
const DURATION = 3600;
const STEP = 0.1;
const MACHINES = 16;
const MEMORY = 2048;
const OWN = 256;
/** A quarter of what the machines have: with nobody to move targets, the host swaps all the time. */
const RAM = 8 * 1024;
const JOB = {size: 1200, rate: 40 * 1024, every: 600, lasts: 300};

const names = Array.from({length: MACHINES}, (_, i) => `vm${i}`);
/** One in four holds a lot and goes over it, one runs a job now and then, one has little, one does nothing. */
const anon = (i: number): number => [600, 100, 300, 300][i % 4] ?? 0;
const activity = (i: number): number => [30 * 1024, 60 * 1024, 10 * 1024, 0][i % 4] ?? 0;

/** A job that comes and goes every ten minutes, each machine's a little later. */
const jobs = (i: number) => i % 4 !== 1 ? [] : Array.from({length: DURATION / JOB.every}, (_, turn) => turn * JOB.every + i * 10).flatMap((from) => [
  {at: seconds(from), type: "allocate" as const, name: "job", size: size(JOB.size), rate: JOB.rate},
  {at: seconds(from + JOB.lasts), type: "free" as const, name: "job"}
]);

const workload = (i: number) => ({anon: size(anon(i)), overcommit: 1 as const, swap: size(1024)});

function onLinux(policy: PolicyKind | null): () => unknown {
  const machine = resolveMachine({memory: size(MEMORY), balloon: {deflateOnOom: false, freePageReporting: false}});
  const vms = names.map((name, i) => ({name, machine, minimum: size(512), driver: {loadsAt: 2}, workload: workload(i), events: jobs(i), activity: activity(i)}));
  return () => simulateHost({host: {ram: size(RAM), swap: size(MACHINES * MEMORY), others: size(OWN)}, vms, policy, duration: seconds(DURATION), step: seconds(STEP)});
}

function onEsx(): () => unknown {
  const vms = names.map((name, i) => ({name, memory: size(MEMORY), driver: {loadsAt: 2}, workload: {...workload(i), active: activity(i) === 0 ? kib(0) : size(anon(i))}}));
  const events = names.flatMap((vm, i) => jobs(i).map((event) => ({...event, vm})));
  return () => simulateEsx({host: {ram: size(RAM - OWN), version: "6.0"}, vms, events, duration: seconds(DURATION), step: seconds(STEP)});
}

/** The sixteen machines' hour, once for each who could move their targets. */
export const hostRuns = (): readonly (readonly [name: string, run: () => unknown])[] =>
  [["nobody", onLinux(null)], ["proxmox", onLinux(proxmoxPolicy())], ["mom", onLinux(momPolicy())], ["esx", onEsx()]];
