import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {runs, type GuidedRun} from "./runs.ts";

export interface RunsViewProps {
  readonly memory: number;
  readonly deflateOnOom: boolean;
  readonly busy: boolean;
  /** The run whose answers are in the table, done to its end. */
  readonly finished: GuidedRun | null;
  readonly onRun: (run: GuidedRun) => void;
  /** Starts the guest anew as a run needs it. */
  readonly onRestart: (run: GuidedRun) => void;
  readonly onExport: () => void;
}

/** The experiments: the reader says first what will happen, then the guest does it. */
export function RunsView({memory, deflateOnOom, busy, finished, onRun, onRestart, onExport}: RunsViewProps): VNode {
  const [id, setId] = useState("steps");
  const [answer, setAnswer] = useState<string | null>(null);
  const run = runs.find((one) => one.id === id);
  if (run === undefined) return <p>No such run.</p>;
  const fits = run.memory === memory && run.deflateOnOom === deflateOnOom;
  const order = [...run.answers].sort();
  return (
    <div class="guest-runs">
      <label>Experiment <select value={id} onChange={(event) => {
        setId(event.currentTarget.value);
        setAnswer(null);
      }}>{runs.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}</select></label>
      <fieldset>
        <legend>{run.question}</legend>
        {order.map((text) => <label key={text} class="check"><input type="radio" name="guest-answer" checked={answer === text} onChange={() => setAnswer(text)} /> {text}</label>)}
      </fieldset>
      <div class="buttons">
        {fits
          ? <button type="button" disabled={busy || answer === null} onClick={() => onRun(run)}>Run it</button>
          : <button type="button" disabled={busy} onClick={() => onRestart(run)}>Restart with {run.memory} MiB{run.deflateOnOom ? " and deflate-on-oom" : ", no deflate-on-oom"}</button>}
        {finished === null ? null : <button type="button" onClick={onExport}>Save this run as a recording</button>}
      </div>
      <p role="status">{answer === null && fits ? "Choose what you expect, then run it." : finished?.id === run.id ? `${answer === run.answers[0] ? "As you expected." : "Not as you expected."} ${run.lesson}` : ""}</p>
    </div>
  );
}
