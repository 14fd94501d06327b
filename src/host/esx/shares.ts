import {sourced} from "../../source.ts";

export type ShareLevel = "low" | "normal" | "high";
export const shareLevels: readonly ShareLevel[] = ["low", "normal", "high"];

/** Memory shares a configured MB, by level. */
export const SHARES_PER_MB = sourced<Readonly<Record<ShareLevel, number>>>({low: 5, normal: 10, high: 20}, {text: "5, 10 and 20 shares for each MB of memory", place: "govmomi vim25/types/enum.go SharesLevel", version: "fd06160", grade: "read"});

/** A resource pool counts as a machine with 4 processors and 16 GB. */
export const POOL_SHARES = sourced<Readonly<Record<ShareLevel, number>>>({low: 81920, normal: 163840, high: 327680}, {text: "81920, 163840, 327680", place: "Denneman, 2018-07-16", version: "vSphere 6.7", grade: "read"});

/** What a level multiplies with where shares scale. */
export const SCALABLE_RATIO = sourced<Readonly<Record<ShareLevel, number>>>({low: 0.5, normal: 1, high: 2}, {text: "4 : 2 : 1; six machines of 327680 shares in a high pool make 3932160", place: "Denneman, 2020-05-27", version: "vSphere 7.0", grade: "read"});

/** Shares of a machine; @param memory configured size, MB. */
export const sharesOf = (level: ShareLevel, memory: number): number => SHARES_PER_MB.value[level] * memory;

/** Shares of a pool whose shares scale with what is in it. */
export const scalableShares = (level: ShareLevel, children: readonly number[]): number => SCALABLE_RATIO.value[level] * children.reduce((sum, shares) => sum + shares, 0);
