import {sourced, type Source, type Sourced} from "../../source.ts";

/** Versions whose rules were read. Later builds of 6 to 8 share 6.0's table of states. */
export type EsxVersion = "2002" | "4.0" | "4.1" | "5.0" | "6.0";
export const esxVersions: readonly EsxVersion[] = ["2002", "4.0", "4.1", "5.0", "6.0"];

/** How short of free memory a host is, from none to very. */
export type MemoryState = "high" | "clear" | "soft" | "hard" | "low";
export const memoryStates: readonly MemoryState[] = ["high", "clear", "soft", "hard", "low"];

/** What a host does to virtual machines above their targets. */
export interface Actions {
  readonly balloon: boolean;
  readonly compress: boolean;
  /** `no`, where the balloon cannot (`rest`), or at once (`force`). */
  readonly swap: "no" | "rest" | "force";
  /** Machines above their target do not run. */
  readonly block: boolean;
}

export interface StateRule {
  readonly state: MemoryState;
  /** The state is left upwards above this, and entered from above below this; a part of minFree. */
  readonly threshold: number;
  readonly actions: Actions;
}

/** What one version does with memory. */
export interface EsxRules {
  readonly name: string;
  /** Free memory that the host wants: a part of all it manages, or a sum over ranges. */
  readonly minFree: "six-percent" | "sliding";
  /** From the most free memory to the least. */
  readonly states: Sourced<readonly StateRule[]>;
  /** Below this part of minFree large pages are broken up; 0: never. */
  readonly breakLargeBelow: number;
  /** The largest balloon, as a part of the configured size. */
  readonly balloonCap: Sourced<number>;
  /** Seconds between two samples of what a machine has touched. */
  readonly samplePeriod: Sourced<number>;
  /** The estimate of active memory is never below this part of the configured size. */
  readonly activeFloor: number;
  /** Whether pages are compressed before they are swapped. */
  readonly compression: boolean;
}

const paper = (text: string, place: string): Source => ({text, place, version: "Waldspurger, OSDI 2002", grade: "read"});
const manual = (text: string, place: string, version: string): Source => ({text, place, version, grade: "read"});
const article = (text: string, place: string, version: string): Source => ({text, place, version, grade: "read"});

const none: Actions = {balloon: false, compress: false, swap: "no", block: false};
const soft: Actions = {balloon: true, compress: false, swap: "rest", block: false};

/** 6, 4, 2 and 1 % of memory, as parts of the 6 %. */
const STATES_2002 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 1, actions: none},
    {state: "soft", threshold: 4 / 6, actions: soft},
    {state: "hard", threshold: 2 / 6, actions: {balloon: true, compress: false, swap: "force", block: false}},
    {state: "low", threshold: 1 / 6, actions: {balloon: true, compress: false, swap: "force", block: true}}
  ],
  paper("high 6 %, soft 4 %, hard 2 %, low 1 %; balloon in soft, page in hard, page and block above target in low", "section 6.3")
);

const STATES_41 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 1, actions: none},
    {state: "soft", threshold: 0.64, actions: soft},
    {state: "hard", threshold: 0.32, actions: {balloon: true, compress: true, swap: "force", block: false}},
    {state: "low", threshold: 0.16, actions: {balloon: true, compress: true, swap: "force", block: true}}
  ],
  article("64, 32 and 16 % of minFree; balloon, compress and swap in hard", "Denneman, 2010 posts on memory states", "ESX 4.1")
);

const STATES_50 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 1, actions: none},
    {state: "soft", threshold: 0.64, actions: soft},
    {state: "hard", threshold: 0.32, actions: {balloon: true, compress: true, swap: "rest", block: false}},
    {state: "low", threshold: 0.16, actions: {balloon: true, compress: true, swap: "force", block: true}}
  ],
  article("balloon and compress in hard; balloon, compress and swap in low", "Denneman, table for 5.0", "ESXi 5.0")
);

const STATES_60 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 4, actions: none},
    {state: "clear", threshold: 1, actions: none},
    {state: "soft", threshold: 0.64, actions: soft},
    {state: "hard", threshold: 0.32, actions: {balloon: false, compress: true, swap: "force", block: false}},
    {state: "low", threshold: 0.16, actions: {balloon: false, compress: true, swap: "force", block: true}}
  ],
  article("high 400 %, clear 100 %, soft 64 %, hard 32 %, low 16 % of minFree; no balloon in hard and low", "Epping, table of memory states (mirror of Yellow Bricks)", "ESXi 6.0")
);

const CAP_65 = sourced(0.65, manual("Mem.CtlMaxPercent 65 %", "Resource Management Guide, table B-2", "vSphere 4.0"));
const SAMPLE_60 = sourced(60, manual("Mem.SamplePeriod 60 s", "Resource Management Guide, table B-2", "vSphere 4.0"));

/** The rules of each version. Where authors disagree the one named in the source is followed. For 4.0 no table was read: its states are taken to be those of 2002. */
export const rulesOf: Readonly<Record<EsxVersion, EsxRules>> = {
  "2002": {
    name: "ESX Server as in the 2002 paper",
    minFree: "six-percent",
    states: STATES_2002,
    breakLargeBelow: 0,
    balloonCap: sourced(0.5, manual("sched.mem.maxmemctl defaults to half of the maximum", "Administration Guide, page 353", "ESX Server 2")),
    samplePeriod: sourced(30, paper("100 samples in 30 s of execution", "section 5.3")),
    activeFloor: 0,
    compression: false
  },
  "4.0": {name: "ESX 4.0", minFree: "six-percent", states: STATES_2002, breakLargeBelow: 0, balloonCap: CAP_65, samplePeriod: SAMPLE_60, activeFloor: 0, compression: false},
  "4.1": {name: "ESX 4.1", minFree: "sliding", states: STATES_41, breakLargeBelow: 1, balloonCap: CAP_65, samplePeriod: SAMPLE_60, activeFloor: 0, compression: true},
  "5.0": {name: "ESXi 5.0", minFree: "sliding", states: STATES_50, breakLargeBelow: 1, balloonCap: CAP_65, samplePeriod: SAMPLE_60, activeFloor: 0, compression: true},
  "6.0": {name: "ESXi 6.0", minFree: "sliding", states: STATES_60, breakLargeBelow: 4, balloonCap: CAP_65, samplePeriod: SAMPLE_60, activeFloor: 0.01, compression: true}
};

/** Seconds between two recomputations of all targets. */
export const BALANCE_PERIOD = sourced(15, manual("Mem.BalancePeriod 15 s", "Resource Management Guide, table B-2", "vSphere 4.0"));
