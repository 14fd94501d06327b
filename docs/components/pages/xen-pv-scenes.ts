import {series as clamp} from "../../../data/recordings/xen-xl-pv-256-4096-clamp.json";
import {series as headroom} from "../../../data/recordings/xen-xl-pv-1024-2048.json";
import {series as selfBalloon} from "../../../data/recordings/xen-xl-pv-self-balloon.json";
import {series as stall} from "../../../data/recordings/xen-xl-pv-stall-against-load.json";
import {event, sceneOf, sceneSet, settingOf} from "../case/scenes.ts";
import {xenOverlay} from "../model/xen-overlay.ts";
import {xen} from "./xen-pv-case.ts";

const scene = sceneOf(xen);
const setting = (...[params, events]: [Readonly<Record<string, number>>, Parameters<typeof settingOf>[2]]): ReturnType<typeof settingOf> => settingOf(xen.model.spec, params, events);

/** Seconds of the recording before the part shown. */
const STALL_FROM = 38;
/** The end of the process is recorded later than it is drawn. */
const STALL_SHOWN = 42;

export const scenes = sceneSet(xen, {
  headroom: scene(
    "memory=1024, maxmem=2048. Up to the maximum, down twice, two targets above the maximum that are refused, and up again.",
    setting({memory: 1024, time: 10}, [event("mem-set", 11.1, 2048), event("mem-set", 15.7, 1024), event("mem-set", 28.7, 512), event("mem-set", 37.1, 3072), event("mem-set", 40, 2049), event("mem-set", 43, 2048)]),
    xenOverlay(headroom)
  ),
  clamp: scene(
    "memory=256, maxmem=4096. The map ends at 11 times memory, 2816 MiB. A target of 4096 is taken without a word; the guest stops at 2816 and adds the rest as memory that is offline.",
    setting({configured: 4096, memory: 256, time: 16}, [event("mem-set", 9.9, 2816), event("mem-set", 14.8, 4096), event("mem-set", 20.3, 256)]),
    xenOverlay(clamp)
  ),
  online: scene(
    "The same, but root in the guest brings the added memory online at 20 s: only then does the driver ask for it.",
    setting({configured: 4096, memory: 256, time: 30}, [event("mem-set", 9.9, 2816), event("mem-set", 14.8, 4096), event("online", 20)]),
    null
  ),
  "self-balloon": scene(
    "The guest asks for 1536 MiB by itself and gets one: Xen's cap stands 1 MiB above what xl last set. It gives memory up by itself, too; nobody has to agree. A target written into xenstore past xl moves the guest, not the cap.",
    setting({memory: 1024, time: 18}, [event("guest-target", 14, 1536), event("guest-target", 20.8, 768), event("xenstore", 28.9, 4096)]),
    xenOverlay(selfBalloon)
  ),
  stall: scene(
    "A process holds 1200 MiB. mem-set 1536 works; mem-set 1024 returns 0 and never completes: four tries, at about 0, 2, 6 and 14 s, then the driver gives up. The process ends at 42 s (in the recording at 82 s); nothing follows.",
    setting({time: 30}, [event("allocate", 1.5, 1200), event("mem-set", 6.5, 1536), event("mem-set", 17.9, 1024), event("free", 42)]),
    xenOverlay(stall, STALL_FROM, STALL_SHOWN)
  ),
  woken: scene(
    "The same, and someone asks again, for 1023 MiB: another target wakes the driver, the same one would not.",
    setting({time: 40}, [event("allocate", 1.5, 1200), event("mem-set", 6.5, 1536), event("mem-set", 12, 1024), event("free", 32), event("mem-set", 36, 1023)]),
    null
  ),
  taken: scene(
    "1024 MiB given up at 4 s, and another domain has them at 18 s. mem-set 2048 returns 0; the machine has 100 MiB left, and so the guest gets 100.",
    setting({time: 30}, [event("target", 4), event("host-free", 18, 100), event("all-back", 24)]),
    null
  ),
  "mem-max": scene(
    "mem-max 3072 raises Xen's cap and what later targets are held against. mem-set 3072 then succeeds, but the guest's map still ends at 2048.",
    setting({time: 16}, [event("mem-max", 8, 3072), event("mem-set", 16, 3072)]),
    null
  ),
  "then-2009": scene(
    "The tools and the kernel of 2009. The cap is the maximum and stays: after mem-set 1024 the guest takes 1536 MiB by itself, and nobody stops it.",
    setting({era: 0, time: 30}, [event("target", 4), event("guest-target", 20, 1536)]),
    null
  ),
  "now-2009": scene(
    "The same today: the cap has followed the target, and the guest gets 1 MiB.",
    setting({time: 30}, [event("target", 4), event("guest-target", 20, 1536)]),
    null
  ),
  death: scene(
    "A target of 64 MiB is a target like any other for xl. The guest gives what is available and stops near 145. Then a file in memory grows: the kernel kills what it can, and panics when nobody is left.",
    setting({time: 30}, [event("mem-set", 6, 64), event("fill", 26, 100)]),
    null
  )
});
