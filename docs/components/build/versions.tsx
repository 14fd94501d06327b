import type {VNode} from "preact";
import {Scroll} from "./reference-parts.tsx";
import {versions, type Version} from "./reference-data.ts";

/** Everything that was read or recorded, one row each. */
export function Versions(): VNode {
  return (
    <Scroll label="Versions read and recorded">
      <table>
        <thead><tr><th scope="col">what</th><th scope="col">version</th><th scope="col">date or package</th><th scope="col">how</th></tr></thead>
        <tbody>{versions.map((version) => <Row version={version} />)}</tbody>
      </table>
    </Scroll>
  );
}

function Row({version}: {readonly version: Version}): VNode {
  return (
    <tr id={`version-${version.id}`}>
      <th scope="row">{version.url === null ? version.name : <a href={version.url}>{version.name}</a>}</th>
      <td>{version.version}</td>
      <td>{version.date}</td>
      <td>{version.how}</td>
    </tr>
  );
}
