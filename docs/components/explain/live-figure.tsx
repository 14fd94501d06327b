import type {VNode} from "preact";
import {useEffect, useMemo, useState} from "preact/hooks";
import type {Explanation} from "../../../src/explain/types.ts";
import {kib, seconds} from "../../../src/units.ts";
import {columnData, lines, topOf, type Computed} from "../case/case.ts";
import {formatMib} from "../figure/format.ts";
import {MemoryColumn, type ColumnData} from "../figure/memory-column.tsx";
import {SMALL, Timeline, type TimelineData} from "../figure/timeline.tsx";
import {caseLinks} from "./case-link.ts";
import {END, ENDS_AT, liveOf, SETTLED_AT, WRITES_AT, type Live} from "./live.ts";

const text = (size: number): string => formatMib(kib(size));

function columnAt({run, cap}: Live, time: number): ColumnData {
  const base = columnData({run, time} as Computed);
  const configured = run.stateAt(seconds(0)).configured;
  const shown = cap !== null && cap < configured ? [{key: "cap", layer: "backing" as const, label: "cap", value: cap / 1024}] : [];
  return {...base, marks: [...base.marks, ...shown]};
}

function timelineOf({run, cap, driverAt}: Live, time: number): TimelineData {
  const drawn = lines(run, END);
  const configured = run.stateAt(seconds(0)).configured / 1024;
  const high = Math.max(...drawn.flatMap(({points}) => points.map(([, value]) => value)));
  const limit = cap !== null && cap / 1024 < configured ? [{key: "cap", layer: "backing" as const, label: "cap", style: "dotted" as const, points: [[0, cap / 1024], [END, cap / 1024]] as const}] : [];
  return {
    duration: END,
    max: configured < 2048 ? Math.max(configured, high) * 1.06 : topOf(configured, high),
    series: [...drawn, ...limit],
    ghost: [],
    recorded: [],
    events: [...(driverAt === null || driverAt === 0 ? [] : [{at: driverAt, label: "driver", layer: null}]), {at: WRITES_AT, label: "write", layer: null}, {at: ENDS_AT, label: "end", layer: null}],
    now: time,
    guess: null
  };
}

const saidAt = ({run}: Live, time: number): string => {
  const s = run.stateAt(seconds(time));
  if (s.memTotal === 0) return `At ${time} s the machine is gone.`;
  return `At ${time} s the guest has ${text(s.memTotal)} of MemTotal and ${text(s.memFree)} free, ${text(s.balloon)} are in the balloon, and the host holds ${text(s.resident)}${s.hostSwapped > 0 ? ` and has swapped ${text(s.hostSwapped)}` : ""}.`;
};

function driverText({driverAt}: Live): string {
  if (driverAt === null) return "It has no balloon.";
  return driverAt === 0 ? "Its balloon driver is there from the start." : `Its balloon driver loads at ${driverAt} s.`;
}

/** What the picture cannot be sure of. */
function uncertain({unknown}: Explanation): string {
  const touched = unknown.filter(({layers}) => layers.includes("current") || layers.includes("backing")).map(({what}) => what);
  return touched.length === 0 ? "" : `Left out of this run: ${touched.join(", ")}. Where they matter its numbers are not certain.`;
}

function Picture({live, explanation}: {readonly live: Live; readonly explanation: Explanation}): VNode {
  const [time, setTime] = useState(SETTLED_AT);
  const said = saidAt(live, time);
  const doubt = uncertain(explanation);
  return (
    <>
      <div class="explain-live">
        <figure class="figure"><MemoryColumn data={columnAt(live, time)} title={said} id="explain-live" /></figure>
        <div>
          <figure class="figure"><Timeline data={timelineOf(live, time)} size={SMALL} title={said} /></figure>
          <label class="needs-js explain-moment">moment <input type="range" min={0} max={END} step={0.5} value={time} aria-valuetext={`${time} s`} onInput={(event) => setTime(Number(event.currentTarget.value))} /></label>
        </div>
      </div>
      <p>{said} {live.happened.map(({at, text: line}) => `At ${at.toFixed(1)} s: ${line}.`).join(" ")}</p>
      <p class="note">Our model, with Linux 6.1 as the guest. {driverText(live)} At {WRITES_AT} s a process begins to write {text(live.written)}; at {ENDS_AT} s it ends. Speeds are illustrative, levels are the model’s. {doubt === "" ? null : <b>{doubt}</b>}</p>
    </>
  );
}

/** Milliseconds of rest before the machine is run: what is typed is explained first. */
const REST = 120;

/** The explanation that is run: the newest, once nothing has changed for a moment. */
function useRested(explanation: Explanation, atOnce: boolean): Explanation | null {
  const [rested, setRested] = useState(atOnce ? explanation : null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(explanation), REST);
    return () => clearTimeout(timer);
  }, [explanation]);
  return rested;
}

/** The machine that was pasted, in motion, and the pages that show it. `atOnce` is for the build, which draws once. */
export function LiveFigure({explanation: newest, atOnce}: {readonly explanation: Explanation; readonly atOnce: boolean}): VNode | null {
  const explanation = useRested(newest, atOnce);
  // The same tree for the same machine: while one types nothing of it is drawn again.
  const drawn = useMemo(() => (explanation?.started ? <Motion explanation={explanation} /> : null), [explanation]);
  return newest.started ? drawn : null;
}

function Motion({explanation}: {readonly explanation: Explanation}): VNode {
  const live = liveOf(explanation);
  const links = caseLinks(explanation);
  return (
    <section>
      <h3>This machine in motion</h3>
      {typeof live === "string" ? <p>No run of it: {live}.</p> : <Picture live={live} explanation={explanation} />}
      {links.map(({page, name, href, differs}) => <p key={page}><a href={href}>Open it on the case page: {name}</a>{differs === "" ? ", exactly this machine" : `; the page takes ${differs}`}.</p>)}
    </section>
  );
}
