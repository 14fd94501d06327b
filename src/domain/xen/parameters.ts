import {ModelError} from "../../errors.ts";
import {sourced, type Source, type Sourced} from "../../source.ts";
import {kib, type KiB} from "../../units.ts";

/** Which Xen and which Linux: as the 2009 thread found them, or as recorded. */
export type XenEra = "2009" | "today";

const xend = (place: string, text: string): Source => ({text, place: `tools/python/xen/xend ${place}`, version: "Xen c04c51bbf9 (2009-05-21)", grade: "read"});
const libxl = (place: string, text: string): Source => ({text, place: `tools/libs/light/${place}`, version: "Xen c447b7308b13 (2026-08), recorded on 4.17.7", grade: "read"});
const linux11 = (place: string, text: string): Source => ({text, place, version: "Linux of 2011 (02e2407858fd, 0208b80455ff): the nearest to 2009 that was read", grade: "read"});
const linux61 = (place: string, text: string): Source => ({text, place, version: "Linux 6.1.192, recorded", grade: "read"});

/** What differs between the two eras, each with where it is written. */
export interface XenParameters {
  readonly era: XenEra;
  /** RAM that a PV guest's map has beyond maxmem. */
  readonly pvSlack: Sourced<KiB>;
  /** What the hypervisor's cap is at the start: a domain's maximum, or its target and a margin. */
  readonly capAtStart: Sourced<"static-max" | "target">;
  /** Whether a new target moves the cap too. */
  readonly capFollowsTarget: Sourced<boolean>;
  /** What the cap has beyond the size it is set for. */
  readonly capMargin: Sourced<KiB>;
  /** A PV guest's kernel keeps extra pages up to this many times its first ones; counted with them or beside them. */
  readonly clamp: Sourced<{readonly ratio: number; readonly ofTotal: boolean}>;
  /** Failures in a row after which the guest's driver gives up; 0: never. */
  readonly maxRetryCount: Sourced<number>;
  /** Longest wait between two tries, seconds. */
  readonly maxScheduleDelay: Sourced<number>;
  /** Whether the driver asks how much is available before it takes. */
  readonly limitedByAvailable: Sourced<boolean>;
  /** Whether the guest adds memory by itself when its balloon is empty and its target higher. */
  readonly hotplug: Sourced<boolean>;
  /** Whether the guest subtracts from its target what of its memory is no RAM. */
  readonly targetCorrected: Sourced<boolean>;
  /** Whether `mem-max` changes xenstore's static-max. */
  readonly maxMemWritesStaticMax: Sourced<boolean>;
}

const today: XenParameters = {
  era: "today",
  pvSlack: sourced(kib(0), libxl("libxl_x86.c libxl__arch_domain_create", "slack_memkb is 0 unless set")),
  capAtStart: sourced("target", libxl("libxl_dom.c libxl__build_pre", "xc_domain_setmaxmem(target + 1 MiB)")),
  capFollowsTarget: sourced(true, libxl("libxl_mem.c libxl_set_memory_target", "xl passes enforce=1")),
  capMargin: sourced(kib(1024), libxl("libxl_internal.h LIBXL_MAXMEM_CONSTANT, libxl__arch_extra_memory", "1 MiB")),
  clamp: sourced({ratio: 10, ofTotal: false}, linux61("arch/x86/xen/setup.c xen_memory_setup, EXTRA_MEM_RATIO", "10 times the first pages, beside them")),
  maxRetryCount: sourced(4, linux61("drivers/xen/balloon.c balloon_init", "max_retry_count 4, read from sysfs in the recordings")),
  maxScheduleDelay: sourced(20, {text: "max_schedule_delay of the recorded guests", place: "xen-xl-*.json setup.balloonDriver", version: "Linux 6.1.0-56-amd64 (Debian 6.1.192-2)", grade: "recorded"}),
  limitedByAvailable: sourced(true, linux61("drivers/xen/balloon.c balloon_thread", "si_mem_available")),
  hotplug: sourced(true, linux61("drivers/xen/balloon.c reserve_additional_memory", "CONFIG_XEN_BALLOON_MEMORY_HOTPLUG of the Debian configuration; recorded in xen-xl-pv-256-4096-clamp.json")),
  targetCorrected: sourced(true, linux61("drivers/xen/xen-balloon.c watch_target", "target_diff")),
  maxMemWritesStaticMax: sourced(true, {text: "static-max follows; in libxl_mem.c of 0241809bf838 it no longer does", place: "tools/libs/light/libxl_mem.c libxl_domain_setmaxmem", version: "Xen 4.17.5", grade: "read"})
};

const then: XenParameters = {
  era: "2009",
  pvSlack: sourced(kib(8192), xend("image.py:976", "8 MiB of slack for backends")),
  capAtStart: sourced("static-max", xend("XendDomainInfo.py", "domain_setmaxmem with the static maximum")),
  capFollowsTarget: sourced(false, xend("XendDomainInfo.py setMemoryTarget", "writes the target, leaves the cap")),
  capMargin: sourced(kib(0), xend("XendDomainInfo.py", "the maximum itself")),
  clamp: sourced({ratio: 10, ofTotal: true}, linux11("arch/x86/xen/setup.c xen_memory_setup", "10 times the first pages, they included")),
  maxRetryCount: sourced(0, linux11("drivers/xen/balloon.c", "RETRY_UNLIMITED")),
  maxScheduleDelay: sourced(32, linux11("drivers/xen/balloon.c", "max_schedule_delay 32")),
  limitedByAvailable: sourced(false, linux11("drivers/xen/balloon.c", "takes until an allocation fails")),
  hotplug: sourced(false, linux11("drivers/xen/balloon.c", "not in the kernel yet")),
  targetCorrected: sourced(false, linux11("drivers/xen/xen-balloon.c watch_target", "the target as it is")),
  maxMemWritesStaticMax: sourced(true, xend("XendDomainInfo.py setMemoryMaximum", "the static maximum and the cap"))
};

/** The named sets. @throws ModelError `unknown-parameters` */
export function xenParameters(era: string): XenParameters {
  if (era === "today") return today;
  if (era === "2009") return then;
  throw new ModelError(`unknown parameter set: ${era}`, {code: "unknown-parameters", path: "parameters", expected: "2009 or today", hint: "name one of the two sets"});
}
