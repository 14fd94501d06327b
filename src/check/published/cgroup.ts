import {memtuneWrites, swapAllowed, type MemtuneLimits} from "../../control/libvirt/memtune-cgroup.ts";
import {writeLimit, type CgroupAnswer} from "../../host/linux/cgroup/limits.ts";
import {effectiveProtection} from "../../host/linux/cgroup/protection.ts";
import {highDelay, highSleep} from "../../host/linux/cgroup/throttle.ts";
import {startContainer} from "../../simulation/container.ts";
import {KIB_PER_PAGE, mib, mibToKib, type KiB} from "../../units.ts";
import {malformed, maybeNumber} from "../read.ts";
import type {JsonObject} from "../types.ts";
import {number, type Rule} from "./given.ts";

function version(given: JsonObject): 1 | 2 {
  const {version: one} = given;
  if (one !== 1 && one !== 2) throw malformed("given.version", "1 or 2");
  return one;
}

const size = (given: JsonObject, key: string): KiB => mibToKib(mib(number(given, key)));
const pages = (given: JsonObject, key: string): number => size(given, key) / KIB_PER_PAGE;

/** What a task owes that charged `pages`, and what it sleeps for it, in ms. */
const high: Rule = (given) => {
  const ms = (rule: typeof highDelay): number => 1000 * rule(pages(given, "usageMiB"), pages(given, "highMiB"), number(given, "pages"), number(given, "hz"));
  return {delayMs: ms(highDelay), sleepMs: ms(highSleep)};
};

const protection: Rule = (given) => ({
  effective: effectiveProtection(
    {usage: number(given, "usage"), setting: number(given, "setting")},
    {effective: number(given, "parentEffective"), usage: maybeNumber(given["parentUsage"]) ?? number(given, "siblingsProtected")},
    number(given, "siblingsProtected")
  )
});

const ANSWERS: Readonly<Record<CgroupAnswer, string>> = {ok: "ok", busy: "EBUSY", invalid: "EINVAL", "no-such-file": "ENOENT", kill: "OOM killer"};

/** A hard limit written to a cgroup that holds memory nobody can drop, on a host without swap. */
const limit: Rule = (given) => {
  const memsw = given["memswMiB"] === undefined ? {} : {swapHardLimit: size(given, "memswMiB")};
  const host = startContainer({version: version(given), used: size(given, "usedMiB"), hardLimit: size(given, "limitMiB"), ...memsw});
  const answer = ANSWERS[writeLimit(host, "max", pages(given, "writeMiB"))];
  return {answer, limitMiB: (host.cgroup.max * KIB_PER_PAGE) / 1024};
};

/** Swap that a hard limit and a swap limit leave. */
const swap: Rule = (given) => {
  const allowed = swapAllowed({hard: size(given, "hardMiB"), swapHard: size(given, "swapHardMiB")}, version(given));
  return {swapMiB: (allowed ?? Infinity) / 1024};
};

/** The file that each limit is written to. */
const files: Rule = (given) => {
  const one = mibToKib(mib(1));
  const name = (limits: MemtuneLimits): string => memtuneWrites(limits, version(given))[0]?.name ?? "";
  return {hard_limit: name({hard: one}), soft_limit: name({soft: one}), swap_hard_limit: name({swapHard: one})};
};

/** Rules of Linux's memory controller and of libvirt's memtune, by the command of a row. */
export const cgroupRules: Readonly<Record<string, Rule>> = {high, protection, limit, memtuneSwap: swap, memtuneFiles: files};
