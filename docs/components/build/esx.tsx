import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {minFree} from "../../../src/host/esx/states.ts";
import {rulesOf, type Actions, type EsxVersion} from "../../../src/host/esx/versions.ts";
import {group} from "../figure/format.ts";
import {PaperFigure, type PaperFigureData} from "../figure/paper-figure.tsx";
import {captions} from "./esx-captions.ts";
import {figure6, figure7Data, figure8, figure8Boot, figure8States, pages} from "./esx-figures.tsx";

/** A host to compare versions on, MB that the VMkernel manages. */
const HOST = 131072;
const SHOWN: readonly EsxVersion[] = ["2002", "4.1", "5.0", "6.0"];

/** @param below MB of free memory at which the state's own threshold lies. */
function words({breakLarge, share, balloon, compress, swap, block}: Actions, below: number): string {
  const done = [
    ...(breakLarge === "yes" ? ["break large pages"] : breakLarge === "below" ? [`break large pages below ${group(below)}`] : []),
    ...(share === "now" ? ["share at once"] : []),
    ...(balloon ? ["balloon"] : []),
    ...(compress ? ["compress"] : []),
    ...(swap === "force" ? ["swap"] : swap === "rest" ? ["swap where no balloon can"] : []),
    ...(block ? ["block"] : [])
  ];
  return done.length === 0 ? "nothing" : done.join(", ");
}

function States(): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="States of a host by version">
      <table>
        <caption>A host of 128 GB: where each state begins, and what is done in it to machines above their target, after the author in brackets. Equal pages are looked for in every state, and at once where the table says so</caption>
        <thead><tr><th scope="col">state</th><th scope="col">below, MB free</th><th scope="col">done</th></tr></thead>
        {SHOWN.map((version) => {
          const {name, author, minFree: rule, states} = rulesOf[version];
          const wanted = minFree(HOST, rule);
          return (
            <tbody key={version}>
              <tr><th scope="rowgroup" colSpan={3}>{`${name} (${author})`}</th></tr>
              {states.value.map(({state, threshold, actions}, i) => (
                <tr key={state}>
                  <td>{state}</td>
                  <td>{i === 0 ? "" : group(threshold * wanted)}</td>
                  <td>{words(actions, threshold * wanted)}</td>
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}

const drawn: Readonly<Record<keyof typeof captions, () => PaperFigureData>> = {
  "figure-6": figure6, "figure-7": figure7Data, "figure-8a": figure8States, "figure-8-boot": figure8Boot, "figure-8": figure8,
  "small-pages": () => pages(false), "large-pages": () => pages(true)
};
const isDrawn = (name: string): name is keyof typeof drawn => Object.hasOwn(drawn, name);

/** What the page about ESX asks for at build time: the table of states, or a figure, most of them of the 2002 paper. */
export function renderEsx(name: string): string {
  if (name === "states") return renderToString(<States />);
  if (!isDrawn(name)) throw new Error(`no such part of the ESX page: ${name}`);
  return renderToString(
    <figure class="scene" id={name}>
      <div class="figure"><PaperFigure data={drawn[name]()} title={captions[name]} /></div>
      <figcaption>{captions[name]}</figcaption>
    </figure>
  );
}
