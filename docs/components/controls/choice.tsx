import type {VNode} from "preact";
import type {ChoiceParam} from "../state/params.ts";

export interface ChoiceProps {
  readonly param: ChoiceParam;
  readonly value: number;
  readonly onSet: (value: number) => void;
}

/** One of a few, as radio buttons in a row. */
export function Choice({param, value, onSet}: ChoiceProps): VNode {
  const id = `control-${param.name}`;
  return (
    <fieldset class={`control choice ${param.layer === null ? "" : `l-${param.layer}`}`} aria-describedby={`${id}-help`}>
      <legend>{param.label}</legend>
      <div class="options">
        {param.options.map((option) => (
          <label key={option.value}>
            <input type="radio" name={id} value={String(option.value)} checked={option.value === value} onChange={() => onSet(option.value)} />
            {option.label}
          </label>
        ))}
      </div>
      <p class="help" id={`${id}-help`}>{param.help}</p>
    </fieldset>
  );
}
