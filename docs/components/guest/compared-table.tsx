import type {VNode} from "preact";
import {group} from "../figure/format.ts";
import type {Compared} from "./runs.ts";

export interface Row {
  readonly said: string;
  readonly compared: Compared;
}

const shown = (value: number | string, unit: string): string => (typeof value === "string" ? value : `${group(value)}${unit === "KiB" ? "\u00a0KiB" : ""}`);

function difference({predicted, measured, unit}: Compared): string {
  if (typeof predicted === "string" || typeof measured === "string") return predicted === measured ? "the same" : "differs";
  return predicted === measured ? "0" : `${measured > predicted ? "+" : "\u2212"}${shown(Math.abs(measured - predicted), unit)}`;
}

/** What was done, what the model said before, what the guest said after, and the difference. */
export function ComparedTable({rows, caption}: {readonly rows: readonly Row[]; readonly caption: string}): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="guest-compared">
        <caption>{caption}</caption>
        <thead><tr><th scope="col">act</th><th scope="col">number</th><th scope="col">model</th><th scope="col">guest</th><th scope="col">difference</th></tr></thead>
        <tbody>
          {rows.map(({said, compared}, i) => (
            <tr key={i}>
              <th scope="row"><code>{said}</code></th>
              <td>{compared.what}</td>
              <td>{shown(compared.predicted, compared.unit)}</td>
              <td>{shown(compared.measured, compared.unit)}</td>
              <td>{difference(compared)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
