import type {VNode} from "preact";
import type {PageState} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";
import {Slider} from "./slider.tsx";

export interface ControlsProps {
  readonly table: ParamTable;
  readonly state: PageState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly onSet: (name: string, value: number, gesture: string) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onReset: () => void;
  readonly onCopyLink: () => void;
  /** The last thing a button did, said beside the buttons. */
  readonly said: string;
}

/** All controls of a page, from its table of parameters. */
export function Controls(props: ControlsProps): VNode {
  const {table, state, onSet} = props;
  return (
    <div class="controls-inner">
      {table.map((param) => (
        <Slider key={param.name} param={param} value={state.params[param.name] ?? param.initial} onSet={(value, gesture) => onSet(param.name, value, gesture)} />
      ))}
      <div class="buttons" role="group" aria-label="state of this page">
        <button type="button" disabled={!props.canUndo} onClick={props.onUndo} aria-keyshortcuts="Control+Z">Undo</button>
        <button type="button" disabled={!props.canRedo} onClick={props.onRedo} aria-keyshortcuts="Control+Shift+Z">Redo</button>
        <button type="button" onClick={props.onReset}>Reset</button>
        <button type="button" onClick={props.onCopyLink}>Copy link</button>
        <span class="said" role="status">{props.said}</span>
      </div>
    </div>
  );
}
