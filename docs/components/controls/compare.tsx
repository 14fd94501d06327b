import type {VNode} from "preact";
import {group} from "../figure/format.ts";
import type {Comparison} from "../pages/page.ts";

/** A and B and what lies between them, in numbers; empty while nothing is pinned. */
export function Compare({rows}: {rows: readonly Comparison[]}): VNode | null {
  if (rows.length === 0) return null;
  const isMib = rows.every((row) => !("unit" in row) || row.unit === "MiB");
  const signed = (n: number): string => `${n < -0.5 ? "−" : n > 0.5 ? "+" : ""}${group(Math.abs(n))}`;
  return (
    <table class="compare">
      <caption>A, pinned, and B, the present setting{isMib ? ", at the same moment (MiB)" : ""}</caption>
      <thead><tr><th scope="col">number</th><th scope="col">A</th><th scope="col">B</th><th scope="col">B − A</th></tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">{row.label}</th>
            {"unit" in row ? <><td>{group(row.a)}</td><td>{group(row.b)}</td><td>{signed(row.b - row.a)}</td></> : <><td>{row.a}</td><td>{row.b}</td><td>{row.a === row.b ? "" : "differs"}</td></>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
