import type {ToolFormat} from "../domain/formats/detect.ts";
import type {Lines} from "../domain/formats/place.ts";
import {UnreadableError} from "../domain/formats/reading.ts";
import {cgroupDrafts, readCgroup} from "./tools/cgroup.ts";
import {dominfoDrafts, dommemstatDrafts, readDominfo, readDommemstat} from "./tools/virsh.ts";
import {freeDrafts, meminfoDrafts, readFree, readMeminfo} from "./tools/guest.ts";
import type {Observations} from "./tools/observe.ts";
import {readXlList, xlListDrafts} from "./tools/xl-list.ts";
import type {Draft, Explanation} from "./types.ts";

interface Tool {
  readonly read: (text: string) => Observations;
  readonly drafts: (observed: Observations) => readonly Draft[];
}

const TOOLS: Readonly<Record<ToolFormat, Tool>> = {
  dommemstat: {read: readDommemstat, drafts: dommemstatDrafts},
  dominfo: {read: readDominfo, drafts: dominfoDrafts},
  free: {read: readFree, drafts: freeDrafts},
  meminfo: {read: readMeminfo, drafts: meminfoDrafts},
  "xl-list": {read: readXlList, drafts: xlListDrafts},
  cgroup: {read: readCgroup, drafts: cgroupDrafts}
};

/**
 * What a tool's output says, number by number.
 * @throws UnreadableError `no-numbers` when there is nothing of that tool in it.
 */
export function explainTool(text: string, format: ToolFormat, lines: Lines): Explanation {
  const {read, drafts} = TOOLS[format];
  const observed = read(text);
  if (observed.size === 0) {
    throw new UnreadableError(`no number of ${format} in this text`, {start: 0, end: 0}, {code: "no-numbers", expected: `the output of ${format}`, hint: "paste all of it"});
  }
  const findings = drafts(observed).map(({at, ...draft}) => ({...draft, place: typeof at === "object" && at ? lines.place(at) : null}));
  return {format, domain: null, defined: null, started: null, observed: Object.fromEntries([...observed].map(([key, {value}]) => [key, value])), findings, unknown: []};
}
