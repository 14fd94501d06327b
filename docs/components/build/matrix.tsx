import type {VNode} from "preact";
import {calls, cellOf, drivers, notRead, states, type Call, type Cell, type CellState, type Refusal} from "./matrix-data.ts";
import {answerTo} from "./matrix-run.ts";
import {LayerName, Prose, Scroll, SourceNote} from "./reference-parts.tsx";

/**
 * `overview`: every call and driver in one table, each entry a link to its cell.
 * `calls`: one table a call, its drivers as rows.
 * `not-read`: the drivers nobody here has read.
 */
export function Matrix({name}: {readonly name: string}): VNode {
  if (name === "overview") return <Overview />;
  if (name === "calls") return <div class="matrix wide-block"><Picker />{calls.map((call) => <CallTable call={call} />)}</div>;
  if (name === "not-read") return <NotRead />;
  throw new Error(`the matrix has no part: ${name}`);
}

function Overview(): VNode {
  return (
    <Scroll label="The layer each call moves">
      <table class="matrix-overview">
        <thead><tr><th scope="col">call</th>{drivers.map(({name, about}) => <th scope="col">{name}<span class="unit">{about}</span></th>)}</tr></thead>
        <tbody>{calls.map((call) => <tr><th scope="row"><a href={`#${call.id}`}>{call.short}</a></th>{drivers.map(({id}) => <td>{states.map((state) => <Summary cell={cellOf(call.id, id, state)} />)}</td>)}</tr>)}</tbody>
      </table>
    </Scroll>
  );
}

function Summary({cell}: {readonly cell: Cell}): VNode {
  return <a href={`#${cell.id}`}><span class="state">{cell.state}:</span> <Verdict cell={cell} /></a>;
}

/** In a word: the layer, or that there is none. */
function Verdict({cell}: {readonly cell: Cell}): VNode {
  if (cell.refuses !== null) return <span class="refused">{cell.refuses.code === "VIR_ERR_NO_SUPPORT" ? "no such call" : "refused"}</span>;
  if (cell.moves !== null) return <><LayerName layer={cell.moves} />{cell.when === "next start" ? " later" : null}</>;
  if (cell.reads.length > 0) return <>reads {cell.reads.map((layer, i) => <>{i > 0 ? ", " : null}<LayerName layer={layer} /></>)}</>;
  return <span class="no-layer">{cell.when === null ? "not read" : "no layer"}</span>;
}

/** Plain radio buttons that the style sheet reads: nothing to load, and without them everything shows. */
function Picker(): VNode {
  return (
    <div class="picker">
      <Choice name="matrix-driver" label="Driver" options={[["all", "all"], ...drivers.map(({id, name}): [string, string] => [id, name])]} />
      <Choice name="matrix-state" label="State" options={[["both", "both"], ["running", "running"], ["shut-off", "shut off"]]} />
    </div>
  );
}

function Choice({name, label, options}: {readonly name: string; readonly label: string; readonly options: readonly (readonly [string, string])[]}): VNode {
  return (
    <fieldset>
      <legend>{label}</legend>
      {options.map(([value, text], i) => <label><input type="radio" name={name} value={value} checked={i === 0} /> {text}</label>)}
    </fieldset>
  );
}

/** Framework makes the heading a link to itself. The roles keep it a table where the style sheet stacks its cells. */
function CallTable({call}: {readonly call: Call}): VNode {
  return (
    <>
      <h3 id={call.id} tabindex={-1}>{call.name}</h3>
      <p class="call-about">{call.about}</p>
      <table class="call" role="table" aria-labelledby={call.id}>
        <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">driver</th>{states.map((state) => <th scope="col" role="columnheader" class={stateClass(state)}>{state}</th>)}</tr></thead>
        <tbody role="rowgroup">{drivers.map(({id}) => <DriverRow call={call.id} driver={id} />)}</tbody>
      </table>
    </>
  );
}

const stateClass = (state: CellState): string => `s-${state.replace(" ", "-")}`;

function DriverRow({call, driver}: {readonly call: string; readonly driver: string}): VNode {
  const pair = states.map((state) => cellOf(call, driver, state));
  const [{source = "", version = "", since = null} = {}, second] = pair;
  const same = second?.source === source && second.version === version;
  return (
    <tr class={`d-${driver}`} role="row">
      <th scope="row" role="rowheader">
        {driver}
        {since === null ? null : <span class="unit">since {since}</span>}
        {same ? <SourceNote source={source} version={version} /> : null}
      </th>
      {pair.map((cell) => <CellBody cell={cell} own={!same} />)}
    </tr>
  );
}

function CellBody({cell, own}: {readonly cell: Cell; readonly own: boolean}): VNode {
  return (
    <td id={cell.id} role="cell" class={stateClass(cell.state)}>
      <p><span class="state">{cell.state}: </span><Verdict cell={cell} />. <Prose text={cell.does} /></p>
      {cell.refuses === null ? null : <CellError refusal={cell.refuses} />}
      {cell.rounding === null || cell.rounding === "none" ? null : <p>Rounding: {cell.rounding}.</p>}
      {cell.others.map((refusal) => <CellError refusal={refusal} />)}
      <Session cell={cell} />
      {own ? <SourceNote source={cell.source} version={cell.version} /> : null}
    </td>
  );
}

/** The error as a client prints it, a link to what it means. */
function CellError({refusal: {when, code, message, entry}}: {readonly refusal: Refusal}): VNode {
  const text = <code>{message}</code>;
  return (
    <p class="cell-error">
      {when === null ? null : <><Prose text={when} />: </>}
      {entry === null ? text : <a href={`symptoms.html#${entry}`}>{text}</a>}
      {code === null ? <span class="code"> (code not read)</span> : <span class="code"> {code}</span>}
    </p>
  );
}

/** What one would type, and what virsh says to it: run by the model when the site is built. */
function Session({cell}: {readonly cell: Cell}): VNode {
  const answer = answerTo(cell);
  const said = [answer.stdout, answer.stderr].filter((part) => part !== "").join("\n");
  return <pre class="session"><code>{`$ ${cell.command}\n`}{said === "" ? <i>(nothing: done)</i> : said}</code></pre>;
}

function NotRead(): VNode {
  return (
    <Scroll label="Drivers that were not read">
      <table>
        <thead><tr><th scope="col">driver</th><th scope="col">what it does</th><th scope="col">callbacks appeared in</th></tr></thead>
        <tbody>{notRead.map(({driver, since, source}) => <tr><th scope="row">{driver}</th><td>not read</td><td>{since.map(({call, release}) => `${call} ${release}`).join(", ")} <span class="source-note">{source}</span></td></tr>)}</tbody>
      </table>
    </Scroll>
  );
}
