import type {VNode} from "preact";
import {useState} from "preact/hooks";
import type {Act} from "./runs.ts";

export interface ActsProps {
  readonly memory: number;
  /** The most the balloon may take without endangering the guest, MiB. */
  readonly safe: number;
  readonly busy: boolean;
  readonly onAct: (act: Act) => void;
  /** While the slider is dragged. */
  readonly onTarget: (mib: number) => void;
}

/** What the reader does to the guest. */
export function Acts({memory, safe, busy, onAct, onTarget}: ActsProps): VNode {
  const [danger, setDanger] = useState(false);
  const [target, setTarget] = useState(0);
  const [size, setSize] = useState(32);
  const [limit, setLimit] = useState(24);
  const most = danger ? memory : safe;
  const drag = (value: number): void => {
    setTarget(value);
    onTarget(value);
  };
  return (
    <div class="guest-acts">
      <div class="control l-target">
        <div class="control-head"><label for="guest-balloon"><span class="swatch" aria-hidden="true" />balloon target</label> <output for="guest-balloon">{target} MiB to be held</output></div>
        <input id="guest-balloon" class="track" type="range" min={0} max={most} step={1} value={Math.min(target, most)} aria-valuetext={`${target} MiB`} onInput={(event) => drag(event.currentTarget.valueAsNumber)} onChange={(event) => onAct({kind: "balloon", size: event.currentTarget.valueAsNumber})} />
        <label class="check"><input type="checkbox" checked={danger} onChange={(event) => setDanger(event.currentTarget.checked)} /> Let me take more than the guest can spare. Its kernel may panic; Stop and start again then.</label>
      </div>
      <div class="control">
        <label>A process of <input type="number" min={1} max={1024} value={size} onInput={(event) => setSize(event.currentTarget.valueAsNumber)} /> MiB</label>
        <div class="buttons">
          <button type="button" disabled={busy} onClick={() => onAct({kind: "process", size})}>Fill memory</button>
          <label>in a cgroup of <input type="number" min={1} max={1024} value={limit} onInput={(event) => setLimit(event.currentTarget.valueAsNumber)} /> MiB</label>
          <button type="button" disabled={busy} onClick={() => onAct({kind: "cgroup", limit, size})}>Run in the cgroup</button>
          <button type="button" disabled={busy} onClick={() => onAct({kind: "swap", size: 32})}>Swap on (zram, 32 MiB)</button>
          <button type="button" disabled={busy} onClick={() => onAct({kind: "read", size: 16})}>Read 16 MiB from a disk</button>
          <button type="button" disabled={busy} onClick={() => onAct({kind: "drop"})}>Free caches</button>
        </div>
      </div>
    </div>
  );
}
