import type {XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import {seconds} from "../../../src/units.ts";
import {procpsFree} from "../../../src/views/free.ts";
import {meminfoHead} from "../../../src/views/meminfo.ts";
import {countersOf} from "../../../src/views/memory-counters.ts";
import type {View} from "../../../src/views/view.ts";
import {xenstoreMemory} from "../../../src/views/xen-store.ts";
import type {ToolOutput} from "../pages/page.ts";
import {ordered} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import {commandOf} from "./xen.ts";

/** What each tool would print of the run at a moment. */
export function toolsAt(run: XenTimeline, {params, events}: Setting, time: number): readonly ToolOutput[] {
  const row = run.stateAt(seconds(time));
  const on = (where: "host" | "guest", command: string, {version, text}: View): ToolOutput => ({tool: version, where, command, output: text});
  return [
    ...typed(run, {params, events}, time),
    on("host", "xenstore-ls /local/domain/1/memory", xenstoreMemory({target: row.target, staticMax: row.staticMax, videoram: 0})),
    on("guest", "free -m", procpsFree(countersOf(row), "m")),
    on("guest", "head -5 /proc/meminfo", meminfoHead(countersOf(row)))
  ];
}

/** The last command before the moment, and what it answered. */
function typed(run: XenTimeline, {params, events}: Setting, time: number): readonly ToolOutput[] {
  const last = ordered(events).findLast((event) => event.at <= time && commandOf(event, params) !== null);
  const command = last === undefined ? null : commandOf(last, params);
  if (last === undefined || command === null) return [];
  const said = run.log.filter(({at, source}) => source === "command" && Math.abs(at - last.at) < 0.15).map(({text}) => text).filter((text) => text !== command);
  return [{tool: "Xen 4.17", where: "host", command, output: said.join("\n") || "(no output: the target is written)"}];
}
