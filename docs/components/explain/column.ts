import type {Explanation} from "../../../src/explain/types.ts";
import type {ColumnData, Segment} from "../figure/memory-column.tsx";

const mib = (kib: number): number => Math.round((kib / 1024) * 10) / 10;

/** The machine's pages as the guest is meant to see them, and as the host may treat them; MiB. Null where there is no machine. */
export function columnOf({started}: Explanation): ColumnData | null {
  if (!started) return null;
  const {memory, driver, hostCap, guaranteed} = started;
  const isCap = driver === "esx" || driver === "lxc";
  const current = isCap ? memory : Math.min(started.currentMemory, memory);
  const given = driver === "xen" ? "unpopulated" : "to give up";
  const guest: readonly Segment[] = [
    {key: "left", layer: "current", state: "solid", label: isCap ? "all of it" : "target", value: mib(current)},
    {key: "gap", layer: "target", state: "hatched", label: given, value: mib(memory - current)}
  ];
  const ceiling = Math.min(hostCap ?? memory, memory);
  const promised = Math.min(guaranteed ?? (driver === "xen" ? current : 0), ceiling);
  const host: readonly Segment[] = [
    {key: "promised", layer: "backing", state: "solid", label: "guaranteed", value: mib(promised)},
    {key: "may", layer: "backing", state: "light", label: "may be held", value: mib(ceiling - promised)},
    {key: "never", layer: "backing", state: "empty", label: "over cap", value: mib(memory - ceiling)}
  ];
  return {
    max: mib(memory) * 1.04,
    columns: [{key: "guest", title: "guest", segments: guest}, {key: "host", title: "host", segments: host}],
    marks: [{key: "configured", layer: "configured", label: "configured", value: mib(memory)}]
  };
}
