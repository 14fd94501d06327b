import type {VNode} from "preact";
import {Layers, Prose, Scroll, SourceNote} from "./reference-parts.tsx";
import {glossary, layers, type Group, type Layer, type Term} from "./reference-data.ts";

/**
 * `layers`: for each layer, the words for it, linked to their rows.
 * Any other name: the tables of that family of tools.
 */
export function Glossary({name}: {readonly name: string}): VNode {
  if (name === "layers") return <ByLayer />;
  const groups = glossary.groups.filter((group) => group.family === name);
  if (groups.length === 0) throw new Error(`the glossary has no family: ${name}`);
  return <>{groups.map((group) => <GroupTable group={group} />)}</>;
}

/** Framework makes the heading a link to itself. */
function GroupTable({group}: {readonly group: Group}): VNode {
  const id = `words-${group.id}`;
  return (
    <>
      <h3 id={id} tabindex={-1}>{group.name}</h3>
      <Scroll label={`Words of ${group.name}`}>
        <table class="words" role="table">
          <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">word</th><th scope="col" role="columnheader">layer and unit</th><th scope="col" role="columnheader">what it is</th></tr></thead>
          <tbody role="rowgroup">{glossary.terms.filter((term) => term.group === group.id).map((term) => <Row term={term} />)}</tbody>
        </table>
      </Scroll>
    </>
  );
}

/** The roles keep it a table for screen readers where the style sheet stacks its cells. */
function Row({term}: {readonly term: Term}): VNode {
  return (
    <tr id={term.id} role="row">
      <th scope="row" role="rowheader"><a href={`#${term.id}`}><code>{term.term}</code></a></th>
      <td role="cell"><Layers first={term.layer} also={term.also} />{term.unit === null ? null : <span class="unit">{term.unit}</span>}</td>
      <td role="cell">
        <Prose text={term.meaning} />
        {term.trap === null ? null : <span class="trap"><b>Trap:</b> <Prose text={term.trap} /></span>}
        <SourceNote source={term.source} version={term.version} />
      </td>
    </tr>
  );
}

function ByLayer(): VNode {
  return (
    <Scroll label="Words by layer">
      <table class="by-layer">
        <thead><tr><th scope="col">tool</th>{layers.map((layer) => <th scope="col"><b class={`l-${layer}`}>{layer}</b></th>)}</tr></thead>
        <tbody>{glossary.groups.map((group) => <tr><th scope="row"><a href={`#words-${group.id}`}>{group.name}</a></th>{layers.map((layer) => <td><Words group={group} layer={layer} /></td>)}</tr>)}</tbody>
      </table>
    </Scroll>
  );
}

function Words({group, layer}: {readonly group: Group; readonly layer: Layer}): VNode {
  const found = glossary.terms.filter((term) => term.group === group.id && (term.layer === layer || term.also.includes(layer)));
  return <>{found.map((term) => <a href={`#${term.id}`}><code>{term.term}</code></a>)}</>;
}
