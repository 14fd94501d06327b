import {series as cooperative} from "../../../data/recordings/cgroup-vm-cooperative-no-swap-300.json";
import {series as swapping} from "../../../data/recordings/cgroup-vm-no-driver-swap-700.json";
import {cgroups, recordedIn, type CgroupSeries, type Computed} from "./cgroups-case.ts";
import type {Scene} from "./page.ts";
import {event, sceneSet, settingOf} from "../case/scenes.ts";
import type {PageEvent} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";

/** The cases of the page; only the build reads this file, so browsers are not sent the recordings. */
const setting = (params: Readonly<Record<string, number>>, events: readonly PageEvent[]): Setting => settingOf(cgroups.model.spec, params, events);

function scene(caption: string, chosen: Setting, recorded: {readonly series: CgroupSeries; readonly from: number} | null): Scene<Computed> {
  return {
    setting: chosen,
    caption,
    timeline: (c) => ({
      ...cgroups.timelineData(c),
      now: null,
      recorded: recorded === null ? [] : [{key: "resident", layer: "backing", points: recordedIn(recorded.series, "cgroupCurrentKiB", recorded.from)}, {key: "swap", layer: "backing", points: recordedIn(recorded.series, "cgroupSwapKiB", recorded.from)}]
    })
  };
}

export const scenes = sceneSet(cgroups, {
  "cap-cooperative": scene(
    "The driver is there, the balloon is at 500 MiB before the process starts, and the process takes 300 MiB: what the host spends ends 11 MiB below the cap.",
    setting({}, [event("load-driver", 0.4), event("allocate", 4.1, 300)]),
    {series: cooperative, from: 118.2}
  ),
  "cap-swaps": scene(
    "No driver, but swap: the cap holds, and what the guest writes beyond it goes to the host’s disk. The guest is not told.",
    setting({swap: 3072}, [event("allocate", 4.1, 700), event("free", 13.4)]),
    {series: swapping, from: 110.9}
  ),
  "cap-tight": scene(
    "The driver is there and obeys, and the process takes 350 MiB, which a guest of 500 MiB can give: QEMU’s own memory does not fit beside it, and the host kills a guest that kept its word.",
    setting({}, [event("load-driver", 0.4), event("allocate", 4.1, 350)]),
    null
  ),
  "cap-throttles": scene(
    "The same 700 MiB without a driver and without swap, but the cap is memory.high: nobody is killed. The processors sleep longer and longer, until next to nothing moves.",
    setting({kind: 1}, [event("allocate", 4.1, 700)]),
    null
  ),
  "cap-lowered": scene(
    "With swap, the cap is lowered to 300 MiB while the guest holds more. On version 2 the kernel obeys at once and swaps the difference; version 1 would answer “Device or resource busy” if it could not.",
    setting({swap: 3072}, [event("allocate", 2, 250), event("lower", 8, 300)]),
    null
  ),
  "cap-lowered-kill": scene(
    "The same without swap: the limit is written, and the virtual machine is gone.",
    setting({}, [event("allocate", 2, 250), event("lower", 8, 300)]),
    null
  )
});
