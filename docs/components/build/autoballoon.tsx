import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {createWithAutoballoon, type Autoballoon} from "../../../src/simulation/xen/autoballoon.ts";
import {kib, mib, mibToKib, type KiB} from "../../../src/units.ts";
import {formatMib} from "../figure/format.ts";

const size = (value: number): KiB => mibToKib(mib(value));

/** What dom0 starts with, MiB. */
const DOM0 = 2048;

/** The new domain and what the machine has free before it is asked for, MiB. */
const CASES: readonly (readonly [number, number])[] = [[1024, 2048], [1024, 512], [1940, 52], [4096, 52]];

interface Row {
  readonly memory: KiB;
  readonly free: KiB;
  readonly result: Autoballoon;
}

/** Each case on a machine with 52 MiB to 2 GiB left beside dom0. */
export const autoballoonRows = (): readonly Row[] =>
  CASES.map(([memory, free]) => ({
    memory: size(memory),
    free: size(free),
    result: createWithAutoballoon({machine: {type: "dom0", memory: size(DOM0), hostMachine: {memory: size(2 * DOM0)}}, hostFree: size(DOM0 + free)}, {type: "pv", memory: size(memory)})
  }));

/** What became of it, in words. */
export function outcome({created, message, dom0Target, dom0Current, log}: Autoballoon): string {
  if (created) return dom0Target === size(DOM0) ? "built; nobody is asked" : "built, once dom0 has moved";
  if (log.length > 0) return `not built: ${message}; dom0 would fall below its least size`;
  return `not built: ${message}; dom0 stalls at ${formatMib(dom0Current)}`;
}

/** xl create on a machine whose dom0 may be asked: who pays, and when nobody can. */
export function renderAutoballoon(): string {
  const cell = (value: KiB): string => formatMib(value);
  return renderToString(
    <div class="scroll" tabIndex={0} role="region" aria-label="Auto-ballooning">
      <table>
        <thead><tr><th scope="col">new domain</th><th scope="col">needs</th><th scope="col">free before</th><th scope="col">dom0 is told</th><th scope="col">what happens</th></tr></thead>
        <tbody>{autoballoonRows().map(({memory, free, result}): VNode => (
          <tr key={`${memory}-${free}`}><td>{cell(memory)}</td><td>{cell(result.need)}</td><td>{cell(kib(free))}</td><td>{cell(result.dom0Target)}</td><td>{outcome(result)}</td></tr>
        ))}</tbody>
      </table>
    </div>
  );
}
