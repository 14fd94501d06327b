import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {isWithin} from "../state/params.ts";

export interface NumberEntryProps {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onSet: (value: number, gesture: string) => void;
}

/** What is typed stays as typed until it is a value; then it moves whatever it stands for. */
export function NumberEntry({id, label, unit, min, max, value, onSet}: NumberEntryProps): VNode {
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? value : Number(draft);
  const valid = draft === null || (draft.trim() !== "" && isWithin({min, max}, typed));
  const commit = (event: Event): void => {
    if (draft === null || !valid) return;
    onSet(typed, `${id}-${event.timeStamp}`);
    setDraft(null);
  };
  return (
    <span class="entry">
      <span class="entry-field">
        <input
          id={id} type="text" inputMode="decimal" autocomplete="off" size={5} value={draft ?? String(value)}
          aria-label={unit === "" ? label : `${label} in ${unit}`} aria-invalid={!valid} aria-describedby={valid ? undefined : `${id}-error`}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onChange={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit(event);
            if (event.key === "Escape") setDraft(null);
          }}
        />
      </span>
      {unit === "" ? null : <span class="unit" aria-hidden="true">{unit}</span>}
      {valid ? null : <span class="error" id={`${id}-error`} role="alert">expected a number from {min} to {max}</span>}
    </span>
  );
}
