import type {VNode} from "preact";
import type {Table} from "../pages/page.ts";

/** The numbers behind a figure, folded away until someone wants them. */
export function DataTable({table, title}: {table: Table; title: string}): VNode {
  return (
    <details class="data">
      <summary>Numbers</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={`${title}: numbers`}>
        <table>
          <thead><tr>{table.columns.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
          <tbody>
            {table.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}>{cell}</td>)}</tr>)}
          </tbody>
        </table>
      </div>
    </details>
  );
}
