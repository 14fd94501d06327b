import {of, type Sample} from "./sample.ts";
import type {Done} from "./runs.ts";
import type {Measured} from "./session.ts";

export const EMULATOR = "v86 0.5.462";
export const KERNEL = "Linux 6.1.192-setmem (Debian 6.1.192-2)";

export interface Recorded {
  readonly about: string;
  readonly memory: number;
  readonly deflateOnOom: boolean;
  readonly start: Measured;
  readonly done: readonly Done[];
  /** Day of the recording, YYYY-MM-DD. */
  readonly date: string;
}

const KEYS = ["MemTotal", "MemFree", "MemAvailable", "Buffers", "Cached", "SwapTotal", "SwapFree", "AnonPages"] as const;

/** The state after an act as the recordings of `data/` have it: every key says its unit. */
function stateOf({sample, held}: Measured): object {
  const guest = {
    ...Object.fromEntries(KEYS.map((key) => [`${key}KiB`, of(sample, key)])),
    balloonInflatePages: of(sample, "balloon_inflate"),
    balloonDeflatePages: of(sample, "balloon_deflate"),
    oomKills: of(sample, "oom_kill")
  };
  const host = {targetBalloonPages: held.asked, balloonPages: held.actual};
  return {atSeconds: of(sample, "uptime"), guest, host, ...cgroupOf(sample)};
}

const cgroupOf = (sample: Sample): object =>
  "cgroup.limit" in sample ? {cgroup: {limitBytes: of(sample, "cgroup.limit"), peakBytes: of(sample, "cgroup.peak"), swapBytes: of(sample, "cgroup.swap"), oomKills: of(sample, "cgroup.oom_kill")}} : {};

/** A run as a recording in the format of `data/schemas/recording.schema.json`. */
export function toRecording({about, memory, deflateOnOom, start, done, date}: Recorded): object {
  return {
    about,
    recorded: {hypervisor: EMULATOR, guestKernel: KERNEL, guestUserland: "busybox 1.35.0 (Debian 1:1.35.0-4+deb12u1)", libvirt: null, acceleration: "an emulator in a browser", date},
    setup: {memoryMiB: memory, vcpus: 1, balloonDevice: "virtio-balloon", deflateOnOom},
    units: [
      "KiB = 1024 bytes, pages are 4 KiB; the guest's numbers are /proc/meminfo and /proc/vmstat.",
      "balloonPages is what the driver told the device, targetBalloonPages what the device asked of it.",
      "tSeconds and atSeconds are the guest's uptime. The emulator keeps ballooned pages: there is no host memory to measure."
    ],
    steps: [
      {tSeconds: of(start.sample, "uptime"), act: {tool: EMULATOR, text: `boot with ${memory} MiB`}, after: stateOf(start)},
      ...done.map(({said, after}) => ({tSeconds: of(after.sample, "uptime"), act: {tool: said.startsWith("balloon:") ? EMULATOR : "sh", text: said}, after: stateOf(after)}))
    ]
  };
}
