import type {LogEntry} from "../simulation/log.ts";
import {view, type View} from "./view.ts";

/** `xl dmesg`: the hypervisor's own lines of a timeline, each as often as it was said, up to `most` times. */
export function xlDmesg(log: readonly LogEntry[], domain: number, most = 10): View {
  const lines = log.filter(({text}) => text.startsWith("(XEN) ")).flatMap(({text, count}) => Array<string>(Math.min(count, most)).fill(text.replaceAll("<domid>", `${domain}`)));
  return view("xl dmesg", "Xen 4.17", "events of xen-xl-pv-self-balloon.json and xen-xl-pvh-pod-crash.json", lines);
}
