import {series as lateDriver} from "../../../data/recordings/qemu-balloon-driver-load.json";
import {series as limits} from "../../../data/recordings/qemu-balloon-limits.json";
import {series as noDriver} from "../../../data/recordings/qemu-balloon-no-driver.json";
import {series as reportingOff} from "../../../data/recordings/qemu-free-page-reporting-off.json";
import {series as reportingOn} from "../../../data/recordings/qemu-free-page-reporting-on.json";
import {series as deflateOff} from "../../../data/recordings/qemu-oom-deflate-off.json";
import {series as deflateOn} from "../../../data/recordings/qemu-oom-deflate-on.json";
import {event, sceneOf, sceneSet, settingOf} from "../case/scenes.ts";
import {overlay} from "../model/recorded-run.ts";
import {qemu} from "./qemu-kvm-case.ts";

const setting = (params: Readonly<Record<string, number>>, events: Parameters<typeof settingOf>[2]): ReturnType<typeof settingOf> => settingOf(qemu.model.spec, {time: 12, ...params}, events);

/** The limits recording ran long: these seconds of it come before the part shown. */
const LIMITS_FROM = 12.4;

const scene = sceneOf(qemu);

export const scenes = sceneSet(qemu, {
  "late-driver": scene(
    "A target of 1024 MiB is sent at 5 s. Nothing happens until the driver loads at 8.8 s; when it is unloaded, everything comes back.",
    setting({target: 1024}, [event("target", 5.1), event("load-driver", 8.8), event("unload-driver", 13.9)]),
    overlay(lateDriver)
  ),
  "no-driver": scene(
    "Two targets, no driver. Both commands succeed; nothing follows.",
    setting({target: 1024}, [event("target", 5.7), event("half", 6.7)]),
    overlay(noDriver)
  ),
  "above-maximum": scene(
    "A target of 4096 MiB on a machine of 2048 MiB is clamped without a word; a later target of 1536 MiB works as ever.",
    setting({target: 4096}, [event("load-driver", 2), event("target", 5), event("setmem", 9, 1536), event("target", 16)]),
    null
  ),
  floor: scene(
    "A target of 1 MiB. The driver takes what the guest can spare, stops at a floor and tries again five times a second; no process is killed.",
    setting({target: 1024, time: 12}, [event("load-driver", 0.9), event("target", 2), event("setmem", 10, 1), event("all-back", 22.1)]),
    overlay(limits, LIMITS_FROM)
  ),
  pressure: scene(
    "The balloon is at 512 MiB. A process asks for 1000 MiB at once and is refused; then a file in memory grows without asking, until the guest kills what it can and panics.",
    setting({target: 512, time: 20}, [event("load-driver", 5.4), event("target", 5.5), event("allocate", 7.4, 1000), event("fill", 19.4, 800)]),
    overlay(deflateOff)
  ),
  "deflate-on-oom": scene(
    "The same with deflate on OOM: the balloon gives back what the process needs, keeps it given after the process has ended, and takes it again only when a new target arrives.",
    setting({target: 512, deflate: 1, time: 12}, [event("load-driver", 5.1), event("target", 5.2), event("allocate", 7, 1000), event("free", 13), event("target", 18.1)]),
    overlay(deflateOn)
  ),
  "reporting-off": scene(
    "Without free page reporting a process that writes 1500 MiB and ends leaves the host with all of it.",
    setting({time: 20}, [event("load-driver", 4.2), event("allocate", 5.2, 1500), event("free", 12)]),
    overlay(reportingOff)
  ),
  "reporting-on": scene(
    "With it the freed pages go back to the host in steps, every two seconds, while MemTotal and the target stay where they are.",
    setting({reporting: 1, time: 20}, [event("load-driver", 6.6), event("allocate", 7.6, 1500), event("free", 12.8)]),
    overlay(reportingOn)
  ),
  "host-pressure": scene(
    "A process has written 1500 MiB and ended. At 11 s other programs take 7168 MiB of the host's 8192: the host swaps out pages that nobody in the guest uses, and the guest is not told. A target of 512 MiB at 16 s names them, and the host drops them from RAM and from swap.",
    setting({time: 14}, [event("load-driver", 2), event("allocate", 3, 1500), event("free", 10), event("host-pressure", 11, 7168), event("setmem", 16, 512), event("host-pressure", 20, 0)]),
    null
  )
});
