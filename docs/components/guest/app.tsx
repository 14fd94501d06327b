import type {VNode} from "preact";
import {useEffect, useMemo, useRef, useState} from "preact/hooks";
import {bootFlat} from "../../../src/guest/boot/flat-boot.ts";
import {mib} from "../../../src/units.ts";
import {save} from "../browser/export.ts";
import {MemoryColumn} from "../figure/memory-column.tsx";
import {NARROW, Timeline, WIDE} from "../figure/timeline.tsx";
import {Acts} from "./acts.tsx";
import {pagesOf, safeBalloon, startClient, type Client} from "./client.ts";
import {ComparedTable, type Row} from "./compared-table.tsx";
import {Console} from "./console.tsx";
import {columnOf, timelineOf, WINDOW, type Live} from "./live.ts";
import {PageMap} from "./page-map.tsx";
import {toRecording} from "./recording.ts";
import {bootCompared, guide, perform, type Act, type Done, type GuidedRun} from "./runs.ts";
import {RunsView} from "./runs-view.tsx";
import {of} from "./sample.ts";
import type {Measured} from "./session.ts";
import {createTerminal} from "./terminal.ts";

export interface AppProps {
  readonly folder: string;
  readonly memory: number;
  readonly deflateOnOom: boolean;
  readonly onStop: (why: string) => void;
  readonly onRestart: (memory: number, deflateOnOom: boolean) => void;
}

/** Milliseconds between two looks at the guest's numbers. */
const EVERY = 300;
/** Bytes on the wire when all files have arrived, to show how far they are; the sum is measured by the weight test. */
const ALL_BYTES = 1_740_000;
/** Measurements kept: enough for the window of the timeline. */
const KEPT = Math.ceil((WINDOW * 1000) / EVERY);

type Phase = "loading" | "booting" | "running";

interface State {
  readonly phase: Phase;
  readonly bytes: number;
  readonly text: string;
  readonly frames: Uint16Array;
  readonly history: readonly Measured[];
  readonly rows: readonly Row[];
  readonly busy: boolean;
  readonly finished: {readonly run: GuidedRun; readonly start: Measured; readonly done: readonly Done[]} | null;
}

const rowsOf = ({said, compared}: Done): Row[] => compared.map((one) => ({said, compared: one}));
const words = (why: unknown): string => (why instanceof Error ? why.message : String(why));

/** Follows the guest's numbers until it is gone. */
async function watch(client: Client, gone: () => boolean, told: (now: Measured) => void): Promise<void> {
  while (!gone()) {
    told(await client.session.sample());
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

/** A guest and what is known of it; `change` redraws. */
function useGuest({folder, memory, deflateOnOom, onStop}: AppProps): {readonly state: State; readonly client: Client | null; readonly change: (part: Partial<State>) => void} {
  const state = useRef<State>({phase: "loading", bytes: 0, text: "", frames: new Uint16Array(memory), history: [], rows: [], busy: true, finished: null});
  const client = useRef<Client | null>(null);
  const [, redraw] = useState(0);
  const change = (part: Partial<State>): void => {
    state.current = {...state.current, ...part};
    redraw((n) => n + 1);
  };
  useEffect(() => {
    const terminal = createTerminal();
    let gone = false;
    const started = startClient({folder, memory, deflateOnOom}, {
      onArrived: (bytes) => change({bytes: state.current.bytes + bytes}),
      onRunning: () => change({phase: "booting"}),
      onConsole: (text) => {
        terminal.write(text);
        change({text: terminal.text()});
      },
      onFrames: (frames) => change({frames}),
      onFailed: onStop
    });
    client.current = started;
    const follow = async (): Promise<void> => {
      await started.session.prompt();
      const first = await started.session.sample();
      change({phase: "running", busy: false, rows: [{said: `boot with ${memory} MiB`, compared: bootCompared(memory, first)}], history: [first]});
      await watch(started, () => gone, (now) => change({history: [...state.current.history, now].slice(-KEPT)}));
    };
    follow().catch((why: unknown) => {
      if (!gone) onStop(words(why));
    });
    return () => {
      gone = true;
      started.stop();
    };
  }, []);
  return {state: state.current, client: client.current, change};
}

export function App(props: AppProps): VNode {
  const {memory, deflateOnOom, onStop, onRestart} = props;
  const {state, client, change} = useGuest(props);
  const bootTotal = useMemo(() => bootFlat(mib(memory)).memTotal, [memory]);
  const live: Live = {memory, deflateOnOom, bootTotal, history: state.history};
  const running = state.phase === "running";
  const act = async (one: Act): Promise<void> => {
    if (client === null) return;
    change({busy: true});
    const done = await perform(client.session, one, {memory, deflateOnOom});
    change({busy: false, rows: [...state.rows, ...rowsOf(done)]});
  };
  const run = async (chosen: GuidedRun): Promise<void> => {
    const start = state.history.at(-1);
    if (client === null || start === undefined) return;
    change({busy: true, rows: [], finished: null});
    const rows: Row[] = [];
    const done = await guide(client.session, chosen, (one) => {
      rows.push(...rowsOf(one));
      change({rows: [...rows]});
    });
    change({busy: false, finished: {run: chosen, start, done}});
  };
  const store = (): void => {
    if (state.finished === null) return;
    const {run: {id, title}, start, done} = state.finished;
    const recording = toRecording({about: `${title}, on a Linux guest in a browser.`, memory, deflateOnOom, start, done, date: new Date().toISOString().slice(0, 10)});
    save(`guest-${id}.json`, new Blob([JSON.stringify(recording, null, 1)], {type: "application/json"}));
  };
  return (
    <div class="guest-app" data-phase={state.phase} data-busy={state.busy}>
      <div class="buttons"><button type="button" onClick={() => onStop("")}>Stop</button> <Progress state={state} /></div>
      {running ? <Figures live={live} frames={state.frames} /> : null}
      {running ? <Acts memory={memory} safe={safeBalloon(bootTotal)} busy={state.busy} onAct={(one) => void act(one).catch(() => undefined)} onTarget={(size) => client?.setBalloon(pagesOf(size))} /> : null}
      <Console text={state.text} onKeys={(keys) => client?.type(keys)} />
      {running ? <ComparedTable rows={state.rows} caption="The model, said before the act, and the guest, read after it" /> : null}
      {running ? <RunsView memory={memory} deflateOnOom={deflateOnOom} busy={state.busy} finished={state.finished?.run ?? null} onRun={(chosen) => void run(chosen).catch(() => undefined)} onRestart={(chosen) => onRestart(chosen.memory, chosen.deflateOnOom)} onExport={store} /> : null}
    </div>
  );
}

function Progress({state: {phase, bytes, busy}}: {readonly state: State}): VNode {
  if (phase === "loading") return <label>Fetching <progress max={ALL_BYTES} value={bytes} /> {(bytes / 1e6).toFixed(1)} MB</label>;
  return <span role="status">{phase === "booting" ? "Linux is booting." : busy ? "The guest is at work." : "Linux is running."}</span>;
}

function Figures({live, frames}: {readonly live: Live; readonly frames: Uint16Array}): VNode {
  const column = columnOf(live);
  const now = live.history.at(-1)?.sample ?? {};
  const said = `MemTotal ${of(now, "MemTotal")} KiB, MemFree ${of(now, "MemFree")} KiB.`;
  const size = matchMedia("(max-width: 44rem)").matches ? NARROW : WIDE;
  return (
    <div class="bench guest-bench">
      <div class="figure">{column === null ? null : <MemoryColumn id="guest-column" data={column} title={`What the guest says of its pages and what the model says of them. ${said}`} />}</div>
      <div class={`figure ${size === WIDE ? "" : "narrow"}`}><Timeline data={timelineOf(live)} size={size} title={`The last minute. ${said}`} /></div>
      <div class="figure guest-map">
        <PageMap frames={frames} memory={live.memory} />
        <p class="caption">The guest's physical memory, one square a MiB. Filled: pages that the balloon holds, by the page frame numbers its driver handed over. Hatched: kept by the firmware. The emulator only counts those pages: no memory comes back to your computer, as it would from QEMU.</p>
      </div>
    </div>
  );
}
