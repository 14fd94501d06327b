import type {VNode} from "preact";
import type {PublishedRow} from "./published.ts";

/**
 * Published numbers, each in words beside ours, with its bar and where it is from.
 * @param of the file they stand in: several tables share a page.
 */
export function PublishedTable({rows, of}: {rows: readonly PublishedRow[]; of: string}): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Published numbers beside ours: ${of}`}>
      <table class="published">
        <thead><tr><th scope="col">what</th><th scope="col">number</th><th scope="col">published</th><th scope="col">ours</th><th scope="col">bar</th><th scope="col">source</th></tr></thead>
        {rows.map(({what, source, missed, values}, i) => (
          <tbody key={i}>
            {values.map(({path, name, published, ours, bar, within}, line) => (
              <tr key={path} {...(within ? {} : {class: "missed"})}>
                {line === 0 ? <th scope="rowgroup" rowSpan={values.length}>{what}</th> : null}
                <td>{name}</td>
                <td>{published}</td>
                <td>{ours}</td>
                <td>{bar}{within ? "" : ", missed"}</td>
                {line === 0 ? <td rowSpan={values.length}>{source}{missed === null ? null : <><br /><b>Missed:</b> {missed}.</>}</td> : null}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
