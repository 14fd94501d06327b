import type {MonitorState} from "../control/qemu/monitor.ts";
import {executeHmp} from "../control/qemu/hmp.ts";
import {executeQmp} from "../control/qemu/qmp.ts";
import {view, type View} from "./view.ts";

const RELEASE = "QEMU 7.2.22";

/** QMP's answer to `query-balloon`, as one line of JSON. */
export function queryBalloon(state: MonitorState): View {
  const {reply} = executeQmp(state, {execute: "query-balloon"});
  return view('QMP {"execute": "query-balloon"}', RELEASE, "recorded in qemu-*.json", [spaced(reply)]);
}

/** `info balloon` of the human monitor. */
export const infoBalloon = (state: MonitorState): View =>
  view("(qemu) info balloon", RELEASE, "asked of QEMU 7.2.22 through human-monitor-command", [executeHmp(state, "info balloon").output.trimEnd()]);

/** JSON with a blank after each colon and comma, as QEMU writes it. */
const spaced = (value: unknown): string =>
  JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, " ")
    .replace(/([{[]) /g, "$1")
    .replace(/ ([}\]])/g, "$1");
