import type {VNode} from "preact";
import {useMemo} from "preact/hooks";
import {eventTable, type PageSpec, type PageState} from "../state/page-state.ts";
import {isChoice, type Param} from "../state/params.ts";
import {Choice} from "./choice.tsx";
import {Events} from "./events.tsx";
import {Slider} from "./slider.tsx";
import {Transport, type TransportProps} from "./transport.tsx";

export interface ControlsProps {
  readonly spec: PageSpec;
  readonly state: PageState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly onSet: (name: string, value: number, gesture?: string) => void;
  readonly onAddEvent: (event: PageState["events"][number]) => void;
  readonly onChangeEvent: (index: number, change: {readonly at?: number; readonly value?: number}, gesture: string) => void;
  readonly onDeleteEvent: (index: number) => void;
  readonly onPin: (pinned: boolean) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onReset: () => void;
  readonly onCopyLink: () => void;
  /** False on pages that have nothing to compare. */
  readonly comparable: boolean;
  readonly transport: TransportProps;
  /** The last thing a button did, said beside the buttons. */
  readonly said: string;
}

/** All controls of a page, from its table of parameters and events. */
export function Controls(props: ControlsProps): VNode {
  const {spec, state, onSet} = props;
  const table = eventTable(spec);
  // Drawn anew only when they change: a drag redraws its own slider and nothing else.
  const events = useMemo(() => (table.types.length === 0 ? null : <Events table={table} events={state.events} onAdd={props.onAddEvent} onChange={props.onChangeEvent} onDelete={props.onDeleteEvent} />), [state.events]);
  const time = spec.params.find((p) => p.name === "time");
  return (
    <div class="controls-inner">
      {time === undefined ? null : <Transport {...props.transport} />}
      {spec.params.map((param) => <Control key={param.name} param={param} value={state.params[param.name] ?? param.initial} onSet={onSet} />)}
      {events}
      <div class="buttons" role="group" aria-label="state of this page">
        {/* Not `disabled`: a button that is done would drop the keyboard's place. Undo and redo at their ends do nothing. */}
        <button type="button" aria-disabled={!props.canUndo} onClick={props.onUndo} aria-keyshortcuts="Control+Z">Undo</button>
        <button type="button" aria-disabled={!props.canRedo} onClick={props.onRedo} aria-keyshortcuts="Control+Shift+Z">Redo</button>
        <button type="button" onClick={props.onReset}>Reset</button>
        {props.comparable ? <button type="button" aria-pressed={state.pin !== null} onClick={() => props.onPin(state.pin === null)}>{state.pin === null ? "Pin as A" : "Unpin A"}</button> : null}
        <button type="button" onClick={props.onCopyLink}>Copy link</button>
        <span class="said" role="status">{props.said === "" ? null : props.said}</span>
      </div>
    </div>
  );
}

/** One parameter; the same tree as long as its value stays, so that Preact passes it by. */
function Control({param, value, onSet}: {param: Param; value: number; onSet: ControlsProps["onSet"]}): VNode {
  return useMemo(
    () => isChoice(param)
      ? <Choice param={param} value={value} onSet={(next) => onSet(param.name, next)} />
      : <Slider param={param} value={value} onSet={(next, gesture) => onSet(param.name, next, gesture)} />,
    [param, value]
  );
}
