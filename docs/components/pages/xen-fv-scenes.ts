import {series as hvm} from "../../../data/recordings/xen-xl-hvm-2048-2048.json";
import {series as pvh} from "../../../data/recordings/xen-xl-pvh-2048-2048.json";
import {event, sceneOf, sceneSet, settingOf} from "../case/scenes.ts";
import {xenOverlay} from "../model/xen-overlay.ts";
import {xenFv} from "./xen-fv-case.ts";

const scene = sceneOf(xenFv);
const setting = (...[params, events]: [Readonly<Record<string, number>>, Parameters<typeof settingOf>[2]]): ReturnType<typeof settingOf> => settingOf(xenFv.model.spec, params, events);

/** Seconds of the recordings before the part shown. */
const PVH_FROM = 11;
const HVM_FROM = 56;

export const scenes = sceneSet(xenFv, {
  pvh: scene(
    "PVH with memory and maxmem of 2048 MiB: nothing is promised, nothing waits. mem-set takes 1024 MiB and gives it back, as for a PV guest.",
    setting({memory: 2048, speed: 240, time: 8}, [event("target", 2.5), event("all-back", 9.7)]),
    xenOverlay(pvh, PVH_FROM)
  ),
  hvm: scene(
    "The same as HVM. Firmware keeps two pages more, so MemTotal is 8 KiB less than on PVH, and xl list says 1023 where it was told 1024.",
    setting({type: 1, memory: 2048, time: 13}, [event("target", 3), event("all-back", 15.2)]),
    xenOverlay(hvm, HVM_FROM)
  ),
  memtest: scene(
    "The kernel tests its memory before the balloon is full, as memtest= on its command line asks: it writes to promised pages, and the domain is gone.",
    setting({time: 1}, [event("touch-all", 6)]),
    null
  ),
  "no-driver": scene(
    "No balloon driver, 1024 MiB of 2048. A process of 700 MiB goes well. One more of 400 MiB touches a page too many.",
    setting({driver: 0, time: 10}, [event("allocate", 5, 700), event("allocate", 20, 400)]),
    null
  ),
  rescued: scene(
    "The same, but mem-set 2048 comes between the two: it turns the promises into pages of the machine, and the guest lives.",
    setting({driver: 0, time: 10}, [event("allocate", 5, 700), event("all-back", 14), event("allocate", 20, 400)]),
    null
  ),
  "host-full": scene(
    "A larger target while other domains hold all but 256 MiB of the machine: the guest grows by 256 MiB, asks three times more for the rest, and gives up.",
    setting({time: 20}, [event("host-free", 12, 256), event("all-back", 16.8)]),
    null
  )
});
