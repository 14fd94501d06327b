import {sourced, type Source, type Sourced} from "../../source.ts";

/** Versions whose rules were read. Later builds of 6 to 8 share 6.0's table of states. */
export type EsxVersion = "2002" | "4.0" | "4.1" | "5.0" | "6.0";
export const esxVersions: readonly EsxVersion[] = ["2002", "4.0", "4.1", "5.0", "6.0"];

/** How short of free memory a host is, from none to very. */
export type MemoryState = "high" | "clear" | "soft" | "hard" | "low";
export const memoryStates: readonly MemoryState[] = ["high", "clear", "soft", "hard", "low"];

/** What a host does to virtual machines above their targets. */
export interface Actions {
  /** Large pages are broken up where the scanner meets them: not at all, while free memory is below the state's own threshold, or always. */
  readonly breakLarge: "no" | "below" | "yes";
  /** The scanner looks for equal pages as it always does, or as fast as it can. */
  readonly share: "background" | "now";
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
  /** Who described the states, as readers are told. What is said of sharing is its background scan wherever nobody says more. */
  readonly author: string;
  /** The largest balloon, as a part of the configured size. */
  readonly balloonCap: Sourced<number>;
  /** Seconds between two samples of what a machine has touched. */
  readonly samplePeriod: Sourced<number>;
  /** The estimate of active memory is never below this part of the configured size. */
  readonly activeFloor: Sourced<number>;
  /** Whether pages are compressed before they are swapped. */
  readonly compression: Sourced<boolean>;
  /** A machine with 0 shares gets its reservation and no more, however much memory is free. */
  readonly leastWithoutShares: Sourced<boolean>;
}

const paper = (text: string, place: string): Source => ({text, place, version: "Waldspurger, OSDI 2002", grade: "read"});
const manual = (text: string, place: string, version: string): Source => ({text, place, version, grade: "read"});
const article = (text: string, place: string, version: string): Source => ({text, place, version, grade: "read"});

/** Before 4.1 nothing that we read says when large pages are broken up. */
const none: Actions = {breakLarge: "no", share: "background", balloon: false, compress: false, swap: "no", block: false};
const soft: Actions = {...none, balloon: true, swap: "rest"};
const hard: Actions = {...soft, swap: "force"};
/** Constituents of a large page are shared once it is broken up, under pressure (Broadcom KB 1021896; Denneman, 2011-01-25): taken to be below minFree. */
const pressed: Pick<Actions, "breakLarge"> = {breakLarge: "yes"};

/** 6, 4, 2 and 1 % of memory, as parts of the 6 %. */
const STATES_2002 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 1, actions: none},
    {state: "soft", threshold: 4 / 6, actions: soft},
    {state: "hard", threshold: 2 / 6, actions: hard},
    {state: "low", threshold: 1 / 6, actions: {...hard, block: true}}
  ],
  paper("high 6 %, soft 4 %, hard 2 %, low 1 %; balloon in soft, page in hard, page and block above target in low", "section 6.3")
);

const STATES_41 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 1, actions: {...none, breakLarge: "below"}},
    {state: "soft", threshold: 0.64, actions: {...soft, ...pressed}},
    {state: "hard", threshold: 0.32, actions: {...hard, ...pressed, compress: true}},
    {state: "low", threshold: 0.16, actions: {...hard, ...pressed, compress: true, block: true}}
  ],
  article("64, 32 and 16 % of minFree; balloon, compress and swap in hard; large pages broken under pressure, taken to be below minFree", "Denneman, 2010 posts on memory states", "ESX 4.1")
);

const STATES_50 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 1, actions: {...none, breakLarge: "below"}},
    {state: "soft", threshold: 0.64, actions: {...soft, ...pressed}},
    {state: "hard", threshold: 0.32, actions: {...soft, ...pressed, compress: true}},
    {state: "low", threshold: 0.16, actions: {...hard, ...pressed, compress: true, block: true}}
  ],
  article("balloon and compress in hard; balloon, compress and swap in low; large pages broken under pressure, taken to be below minFree", "Denneman, table for 5.0", "ESXi 5.0")
);

const STATES_60 = sourced<readonly StateRule[]>(
  [
    {state: "high", threshold: 4, actions: {...none, breakLarge: "below"}},
    {state: "clear", threshold: 1, actions: {...none, breakLarge: "yes", share: "now"}},
    {state: "soft", threshold: 0.64, actions: {...soft, share: "now"}},
    {state: "hard", threshold: 0.32, actions: {...hard, share: "now", balloon: false, compress: true}},
    {state: "low", threshold: 0.16, actions: {...hard, balloon: false, compress: true, block: true}}
  ],
  article("high 400 %, clear 100 %, soft 64 %, hard 32 %, low 16 % of minFree; large pages broken below high and in clear, sharing called in clear, soft and hard; no balloon in hard and low", "Epping, table of memory states (mirror of Yellow Bricks)", "ESXi 6.0")
);

const CAP_65 = sourced(0.65, manual("Mem.CtlMaxPercent 65 %", "Resource Management Guide, table B-2", "vSphere 4.0"));
const SAMPLE_60 = sourced(60, manual("Mem.SamplePeriod 60 s", "Resource Management Guide, table B-2", "vSphere 4.0"));

const chosen = (text: string): Source => ({text, place: "host/esx/versions.ts", version: "2026", grade: "illustrative"});
const NO_FLOOR = sourced(0, chosen("no floor of the estimate was read for this version"));
const NO_COMPRESSION = sourced(false, article("compression came with 4.1", "Denneman, 2010 posts on memory states", "ESX 4.1"));
const COMPRESSION = sourced(true, manual("pages that compress to 2 KB are kept in a cache instead of being swapped", "Resource Management, memory compression", "vSphere 6.5"));
const NO_SUCH_RULE = sourced(false, chosen("no rule for 0 shares was read for this version"));
const LEAST_WITHOUT_SHARES = sourced(true, manual("0 shares: the minimum, even if memory is free", "Administration Guide, page 353", "ESX Server 2"));

const since41 = {minFree: "sliding", balloonCap: CAP_65, samplePeriod: SAMPLE_60, activeFloor: NO_FLOOR, compression: COMPRESSION, leastWithoutShares: NO_SUCH_RULE} as const;

/** The rules of each version. Where authors disagree the one named in the source is followed. For 4.0 no table was read: its states are taken to be those of 2002. */
export const rulesOf: Readonly<Record<EsxVersion, EsxRules>> = {
  "2002": {
    name: "ESX Server in 2002",
    author: "Waldspurger, OSDI 2002",
    minFree: "six-percent",
    states: STATES_2002,
    balloonCap: sourced(0.5, manual("sched.mem.maxmemctl defaults to half of the maximum", "Administration Guide, page 353", "ESX Server 2")),
    samplePeriod: sourced(30, paper("100 samples in 30 s of execution", "section 5.3")),
    activeFloor: NO_FLOOR,
    compression: NO_COMPRESSION,
    leastWithoutShares: LEAST_WITHOUT_SHARES
  },
  "4.0": {...since41, name: "ESX 4.0", author: "Waldspurger, OSDI 2002", minFree: "six-percent", states: STATES_2002, compression: NO_COMPRESSION},
  "4.1": {...since41, name: "ESX 4.1", author: "Denneman, 2010; large pages after Broadcom KB 1021896", states: STATES_41},
  "5.0": {...since41, name: "ESXi 5.0", author: "Denneman, table for 5.0; large pages after Broadcom KB 1021896", states: STATES_50},
  "6.0": {
    ...since41,
    name: "ESXi 6.0",
    author: "Epping, Yellow Bricks",
    states: STATES_60,
    activeFloor: sourced(0.01, manual("Mem.SampleActivePctMin 1 %", "option list of an ESXi host, build not stated", "ESXi"))
  }
};

/** Seconds between two recomputations of all targets. */
export const BALANCE_PERIOD = sourced(15, manual("Mem.BalancePeriod 15 s", "Resource Management Guide, table B-2", "vSphere 4.0"));
