import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {minFree} from "../../../src/host/esx/states.ts";
import {rulesOf, type Actions, type EsxVersion} from "../../../src/host/esx/versions.ts";
import {group} from "../figure/format.ts";
import {PaperFigure, type PaperFigureData} from "../figure/paper-figure.tsx";
import {figure6, figure7Data, figure8, figure8Boot} from "./esx-figures.tsx";

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

interface Drawn {
  readonly data: () => PaperFigureData;
  readonly caption: string;
}

const drawn: Readonly<Record<string, Drawn>> = {
  "figure-6": {
    data: figure6,
    caption: "Figure 6. A program in a machine of 320 MB touches more and more, then less, then nothing (dashed). Dots: ESX's estimate in 2002. Line: ours, with 100 pages sampled in 30 s. Up at once, down over minutes. The peak at 28 minutes is Windows zeroing freed pages, which we left out."
  },
  "figure-7": {
    data: figure7Data,
    caption: "Figure 7. Two machines of 256 MB with equal shares, one idle. Without a tax each has half. With 75 % the busy one gets what the idle one does not use. Dots: the paper. Lines: our own run, whose guests are Linux 6.1, on a host with the memory that the two had before the tax; in the paper their sum falls by 13 MB, and it does not say why."
  },
  "figure-8-boot": {
    data: figure8Boot,
    caption: "Figure 8b, the first minutes: five machines, 1472 MB together, start on a host with 1 GB for them, and zero all their memory before their drivers are there. Dots: the paper. Lines: our own run. The pages of zeroes are shared before any is paged out. Ours zero all memory in one step, so more is paged out (dashed, up to 120 MB) than the paper's 35 MB; afterwards they rest, where the paper's went to work."
  },
  "figure-8": {
    data: figure8,
    caption: "Figure 8, two of five machines. Dots: what Citrix and SQL Server had. Lines: how the law divides what the two had together, from what the paper says they used and shared. At 65 minutes SQL Server runs a long query."
  }
};

/** What the page about ESX asks for at build time: the table of states, or a figure of the 2002 paper. */
export function renderEsx(name: string): string {
  if (name === "states") return renderToString(<States />);
  const figure = drawn[name];
  if (figure === undefined) throw new Error(`no such part of the ESX page: ${name}`);
  return renderToString(
    <figure class="scene" id={name}>
      <div class="figure"><PaperFigure data={figure.data()} title={figure.caption} /></div>
      <figcaption>{figure.caption}</figcaption>
    </figure>
  );
}
