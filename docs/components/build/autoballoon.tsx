import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {createWithAutoballoon, type Autoballoon} from "../../../src/simulation/xen/autoballoon.ts";
import {kib, mib, mibToKib, type KiB} from "../../../src/units.ts";
import {points} from "../case/run.ts";
import {formatMib} from "../figure/format.ts";
import {SMALL, Timeline, type Points, type TimelineData} from "../figure/timeline.tsx";

const size = (value: number): KiB => mibToKib(mib(value));

/** What dom0 starts with, MiB. */
const DOM0 = 2048;

/** The new domain and what the machine has free before it is asked for, MiB. */
const CASES: readonly (readonly [number, number])[] = [[1024, 2048], [1024, 512], [1940, 52], [4096, 52]];

interface Row {
  readonly memory: KiB;
  readonly free: KiB;
  readonly result: Autoballoon;
}

/** Each case on a machine with 52 MiB to 2 GiB left beside dom0. */
export const autoballoonRows = (): readonly Row[] =>
  CASES.map(([memory, free]) => ({
    memory: size(memory),
    free: size(free),
    result: createWithAutoballoon({machine: {type: "dom0", memory: size(DOM0), hostMachine: {memory: size(2 * DOM0)}}, hostFree: size(DOM0 + free)}, {type: "pv", memory: size(memory)})
  }));

/** What became of it, in words. */
export function outcome({created, message, dom0Target, dom0Current, log}: Autoballoon): string {
  if (created) return dom0Target === size(DOM0) ? "built; nobody is asked" : "built, once dom0 has moved";
  if (log.length > 0) return `not built: ${message}; dom0 would fall below its least size`;
  return `not built: ${message}; dom0 stalls at ${formatMib(dom0Current)}`;
}

/** The cases that are drawn: dom0 gives what is missing, and dom0 cannot. */
const DRAWN: Readonly<Record<number, string>> = {
  1024: "xl create of a domain of 1024 MiB with 512 MiB free. dom0 is told to give up what is missing; once the machine has what the domain needs it is built, and the free memory is its.",
  1940: "The same for 1940 MiB with 52 MiB free. dom0 gives what its programs leave it, tries again, and xl gives up after ten seconds in all in which nothing came. Nobody sets dom0's target back."
};

/** Share of the run's time drawn before the call. */
const LEAD = 0.16;

/** dom0 as the machine it is, before the call and while it is asked. */
function drawn({need, created, duration, timeline: {times, columns}}: Autoballoon): TimelineData {
  const lead = (times.at(-1) ?? 0) * LEAD;
  const line = (key: "resident" | "memTotal" | "target" | "hostFree"): Points => [[0, (columns[key][0] ?? 0) / 1024], ...points(times.map((t) => t + lead), columns[key])];
  const end = (times.at(-1) ?? 0) + lead;
  return {
    duration: end, max: 2200, ghost: [], recorded: [], now: null, guess: null,
    series: [
      {key: "resident", layer: "backing", label: "host RAM", style: "area", points: line("resident")},
      {key: "memTotal", layer: "current", label: "MemTotal", style: "line", points: line("memTotal")},
      {key: "target", layer: "target", label: "target", style: "dashed", points: line("target")},
      {key: "need", layer: "configured", label: "needed", style: "dotted", points: [[0, need / 1024], [end, need / 1024]]},
      {key: "free", layer: "backing", label: "free", style: "line", points: line("hostFree")}
    ],
    events: [{at: lead, label: "xl create", layer: null}, {at: lead + duration, label: created ? "built" : "xl gives up", layer: null}]
  };
}

function Drawn({row: {result}, caption}: {row: Row; caption: string}): VNode {
  return (
    <figure class="scene">
      <div class="figure"><Timeline data={drawn(result)} size={SMALL} title={caption} /></div>
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

/** xl create on a machine whose dom0 may be asked: who pays, and when nobody can. */
export function renderAutoballoon(): string {
  const cell = (value: KiB): string => formatMib(value);
  const rows = autoballoonRows();
  return renderToString(
    <>
      <div class="scenes">
        {rows.map((row) => {
          const caption = DRAWN[row.memory / 1024];
          return caption === undefined || row.result.duration === 0 ? null : <Drawn key={row.memory} row={row} caption={caption} />;
        })}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Auto-ballooning">
        <table>
          <thead><tr><th scope="col">new domain</th><th scope="col">needs</th><th scope="col">free before</th><th scope="col">dom0 is told</th><th scope="col">what happens</th></tr></thead>
          <tbody>{rows.map(({memory, free, result}): VNode => (
            <tr key={`${memory}-${free}`}><td>{cell(memory)}</td><td>{cell(result.need)}</td><td>{cell(kib(free))}</td><td>{cell(result.dom0Target)}</td><td>{outcome(result)}</td></tr>
          ))}</tbody>
        </table>
      </div>
    </>
  );
}
