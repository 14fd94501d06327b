import {sourced} from "../../source.ts";

/**
 * Sharing of pages with equal content, as parts of what a machine has backed.
 * What machines hold is the workload's: these are parameters of a scenario, with
 * defaults fitted to one published experiment.
 */
export interface SharingProfile {
  /** Machines with the same word run the same system; other images share only zero pages. */
  readonly image: string;
  /** Pages that have a twin within the same machine, pages of zeroes among them; every machine of the image holds them. */
  readonly duplicate: number;
  /** Copies of each of those contents. */
  readonly copies: number;
  /** Contents that any machine of the image may hold, as pages of one machine. */
  readonly common: number;
  /** The chance that a machine of the image holds any one of them. */
  readonly agreement: number;
}

/**
 * Up to ten Linux machines of 40 MB running the same programs. Fitted to one, two
 * and ten of them; the other seven test it.
 */
export const FIGURE_4: SharingProfile = sourced(
  {image: "linux", duplicate: 0.1675, copies: 4.0625, common: 0.562, agreement: 0.885},
  {text: "6.5 MB of one machine shared and 4.9 reclaimed; 47.7 of two; 262.0 and 234.1 of ten", place: "Figure 4, read off its vector drawing", version: "Waldspurger, OSDI 2002", grade: "derived"}
).value;

/** Of a machine's backed pages, how many can be shared when `machines` run its image. */
export function shareable({duplicate, common, agreement}: SharingProfile, machines: number): number {
  const elsewhere = 1 - (1 - agreement) ** (machines - 1);
  return duplicate + common * agreement * elsewhere;
}

/** Frames that remain of the shareable pages of all `machines`, as pages of one machine. */
export function sharedFrames({duplicate, copies, common, agreement}: SharingProfile, machines: number): number {
  const absent = 1 - agreement;
  const alone = machines * agreement * absent ** (machines - 1);
  const somewhere = 1 - absent ** machines - alone;
  return duplicate / copies + common * somewhere;
}

/** How many pages a shared frame backs on average: 1 or more. */
export function references(profile: SharingProfile, machines: number): number {
  const frames = sharedFrames(profile, machines);
  return frames > 0 ? Math.max(1, (machines * shareable(profile, machines)) / frames) : 1;
}

/** What the scanner spends. */
export interface ScanRate {
  /** Pages a second of one machine. */
  readonly perVm: number;
  /** Pages a second of the whole host. */
  readonly total: number;
}

/** ESX Server 2's scanner. */
export const SCAN_2 = sourced<ScanRate>({perVm: 50, total: 200}, {text: "ShareScanVM 50, ShareScanTotal 200", place: "Administration Guide, page 355", version: "ESX Server 2", grade: "read"});

/** The scanner since ESX 3: a whole machine in ShareScanTime, at most ShareRateMax, and 4 MB/s for each GHz of the host. */
export const SCAN_4 = sourced({minutes: 60, rateMax: 1024, pagesPerGhz: 1024}, {text: "ShareScanTime 60 min, ShareRateMax 1024 pages/s, ShareScanGHz 4 MB/s", place: "Resource Management Guide, table B-2", version: "vSphere 4.0", grade: "read"});

/** @param pages of the machine's memory; @param ghz of all processors of the host together. */
export function scanRate4(pages: number, ghz: number): ScanRate {
  const {minutes, rateMax, pagesPerGhz} = SCAN_4.value;
  return {perVm: Math.min(rateMax, pages / (minutes * 60)), total: pagesPerGhz * ghz};
}

/**
 * One step of the scanner over a machine: pages are picked at random, so what is
 * found shrinks as less is left to find.
 * @param eligible pages that it looks at: backed, and not in a large page.
 * @param shared how many of them are shared already.
 * @param part of `eligible` that can be.
 * @returns pages found, not whole.
 */
export function found(eligible: number, shared: number, part: number, scanned: number): number {
  if (eligible <= 0) return 0;
  const left = Math.max(0, part * eligible - shared);
  return Math.min(left, scanned * (left / eligible));
}
