import {kib, seconds} from "../../../src/units.ts";
import {everyRow, momentsOf} from "../case/case.ts";
import {formatMib} from "../figure/format.ts";
import {MemoryColumn} from "../figure/memory-column.tsx";
import type {FigureDef} from "./page.ts";
import {esx, type Computed} from "./esx-case.ts";
import {esxColumn} from "./esx-host-column.ts";

const mib = (value: number): string => formatMib(kib(value));

function describe(c: Computed): string {
  const s = c.run.stateAt(seconds(c.time));
  return `At ${c.time.toFixed(1)} s the guest has ${mib(s.memTotal)} of MemTotal, of which ${mib(s.balloon)} are in the balloon; of its pages the host holds ${mib(s.resident)}, has compressed ${mib(s.compressed)} and swapped ${mib(s.hostSwapped)}; its limit is ${mib(s.ceiling)}.`;
}

export const column: FigureDef<Computed> = {
  title: "The same pages, as guest and host see them",
  responsive: false,
  describe,
  render: (c) => <MemoryColumn id="esx-column" data={esxColumn(c)} title={describe(c)} />,
  moments: momentsOf(esx.model),
  data: everyRow
};
