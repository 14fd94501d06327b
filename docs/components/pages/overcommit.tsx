import {rememberOf} from "../case/remember.ts";
import {formatMib, group} from "../figure/format.ts";
import {CostBars} from "../figure/cost-bars.tsx";
import {HostAreas, stack, valueAt, type HostAreasData} from "../figure/host-areas.tsx";
import {COMPACT, Timeline, type Points, type Series, type Size, type TimelineData} from "../figure/timeline.tsx";
import {JOB, labels, MEMORY, OWN, policyKeys, type Plan, type PolicyKey, type PolicyResult, type VmResult} from "../overcommit/model.ts";
import {END, params} from "../overcommit/params.ts";
import type {PageSpec, Setting} from "../state/page-state.ts";
import {kib} from "../../../src/units.ts";
import type {Comparison, FigureDef, PageDef, Table} from "./page.ts";

export const spec: PageSpec = {params};

export interface Computed {
  readonly plan: Plan;
  /** Whose host is drawn machine by machine. */
  readonly picked: PolicyKey;
  /** null until the worker has answered for the first time: then what the build drew stands. */
  readonly results: readonly PolicyResult[] | null;
  /** The pinned plan's, to compare with. */
  readonly pinned: readonly PolicyResult[] | null;
}

export function planOf({params: p}: Setting): Plan {
  const {ram = 4096, job = 1536, minimum = 512, swap = 1, guestSwap = 1} = p;
  return {ram, job, minimum, swap: swap === 1, guestSwap: guestSwap === 1};
}

export const pickedOf = ({params: p}: Setting): PolicyKey => policyKeys[p.policy ?? 1] ?? "proxmox";

const NONE: PolicyResult = {key: "nobody", vms: []};
const resultOf = (c: Computed, key: PolicyKey): PolicyResult => c.results?.find((result) => result.key === key) ?? NONE;
const sum = (vms: readonly VmResult[], read: (vm: VmResult) => number): number => vms.reduce((total, vm) => total + read(vm), 0);
const stallText = (seconds: number): string => (seconds >= 10 ? `${group(seconds)} s` : `${seconds.toFixed(1)} s`);
const waitText = ({killedAt, stall}: VmResult): string => (killedAt === null ? stallText(stall) : `killed at ${Math.round(killedAt)} s`);
const costText = (vm: VmResult): string => `${waitText(vm)}${vm.jobKilled ? ", its own kernel kills a program" : ""}`;
/** Who lost more than time: machines that the host killed, and those whose own kernel killed a program. */
const losses = (vms: readonly VmResult[]): readonly string[] => vms.flatMap(({name, killedAt, jobKilled}) => (killedAt !== null ? [name] : jobKilled ? [`a program of ${name}`] : []));
const lossText = (vms: readonly VmResult[]): string => (losses(vms).length === 0 ? "0" : `${losses(vms).length}: ${losses(vms).join(", ")}`);

/** All that is swapped, at every time at which one of the lines bends. */
const swappedOf = (vms: readonly VmResult[]): Points => stack(vms.map(({name, swapped}) => ({name, points: swapped}))).at(-1)?.rows.map(({t, high}) => [t, high] as const) ?? [[0, 0], [END, 0]];

interface Drawn {
  readonly layers: HostAreasData["layers"];
  readonly swapped: Points;
}

/** The same lists for the same runs, so that figures can tell that nothing changed. */
const drawn = rememberOf(({vms}: PolicyResult): Drawn => ({layers: vms.map(({name, resident}) => ({name, points: resident})), swapped: swappedOf(vms)}));

/** Who is bound to the minimum: nobody moves a target on the first host, and on ESX the reservation is left at nothing. */
const BOUND: readonly PolicyKey[] = ["proxmox", "mom"];

function hostData(c: Computed, key: PolicyKey): HostAreasData {
  const {ram, job, minimum} = c.plan;
  const result = resultOf(c, key);
  return {
    duration: END, max: Math.max(ram, 4096) * 1.12, ram: ram - OWN, ...drawn(result),
    job: {name: "batch job", size: job, ...JOB}, least: BOUND.includes(key) ? result.vms.length * minimum : null
  };
}

const at = (c: Computed, key: PolicyKey, t: number): number => sum(resultOf(c, key).vms, ({resident}) => valueAt(resident, t));

function hostFigure(key: PolicyKey): FigureDef<Computed> {
  const describe = (c: Computed): string => {
    const {vms} = resultOf(c, key);
    return `Targets moved by ${labels[key]}: the host holds ${formatMib(kib(at(c, key, 150) * 1024))} of its four machines before the batch job and ${formatMib(kib(at(c, key, 400) * 1024))} at its end; ${vms.map((vm) => `${vm.name} waits ${costText(vm)}`).join(", ")}.`;
  };
  const table = (c: Computed, times: readonly number[]): Table => {
    const {vms} = resultOf(c, key);
    const heads = vms.flatMap(({name}) => [`${name}: host RAM (MiB)`, `${name}: host swap (MiB)`, `${name}: target (MiB)`]);
    return {columns: ["time (s)", ...heads], rows: times.map((t) => [t, ...vms.flatMap(({resident, swapped, target}) => [resident, swapped, target].map((points) => Math.round(valueAt(points, t))))])};
  };
  return {
    title: `The host's RAM, when ${labels[key]} moves the targets`,
    responsive: false,
    describe,
    render: (c) => <HostAreas data={hostData(c, key)} title={describe(c)} />,
    moments: (c) => table(c, [0, 60, 150, 240, 400, 500, END]),
    data: (c) => table(c, Array.from({length: END / 10 + 1}, (_, i) => i * 10))
  };
}

const machineSize: Size = {...COMPACT, every: 200};
const NAMES = ["web", "was busy", "batch", "idle"] as const;
type MachineName = (typeof NAMES)[number];

/** What was asked of a machine, what it was left, and where its pages are; the same list for the same run. */
const machineLines = rememberOf((vm: VmResult): readonly Series[] => {
  const inSwap = (key: "swapped" | "ownSwap", layer: Series["layer"], label: string): readonly Series[] =>
    vm[key].some(([, value]) => value > 0) ? [{key, layer, label, style: "line", points: vm[key]}] : [];
  return [
    {key: "resident", layer: "backing", label: "host RAM", style: "area", points: vm.resident},
    ...inSwap("swapped", "backing", "host swap"),
    ...inSwap("ownSwap", "current", "own swap"),
    {key: "current", layer: "current", label: "current", style: "line", points: vm.current},
    {key: "target", layer: "target", label: "target", style: "dashed", points: vm.target},
    {key: "configured", layer: "configured", label: "configured", style: "dotted", points: [[0, MEMORY], [END, MEMORY]]}
  ];
});

/** What happens in the machines that do something: the same list for the same machine. */
const HAPPENS: Readonly<Record<MachineName, TimelineData["events"]>> = {
  web: [],
  "was busy": [{at: 90, label: "freed", layer: null}],
  batch: [{at: JOB.from, label: "job", layer: null}, {at: JOB.to, label: "done", layer: null}],
  idle: []
};

const vmOf = (results: readonly PolicyResult[] | null, key: PolicyKey, name: MachineName): VmResult | undefined => results?.find((result) => result.key === key)?.vms.find((vm) => vm.name === name);

/** One machine of the host that was picked: what its policy asked of it, what it got, and where its pages went. */
function machineFigure(name: MachineName): FigureDef<Computed> {
  const of = (c: Computed): VmResult | undefined => vmOf(c.results, c.picked, name);
  const describe = (c: Computed): string => {
    const vm = of(c);
    if (vm === undefined) return name;
    const then = (points: Points): string => formatMib(kib(valueAt(points, 400) * 1024));
    return `${name}, its target moved by ${labels[c.picked]}: at 400 s the target is ${then(vm.target)}, the balloon leaves it ${then(vm.current)}, the host holds ${then(vm.resident)} and has swapped ${then(vm.swapped)}, its own swap has ${then(vm.ownSwap)}; it waits ${costText(vm)}.`;
  };
  const data = (c: Computed): TimelineData => {
    const [vm, pinned] = [of(c), vmOf(c.pinned, c.picked, name)];
    const ghost = pinned === undefined ? [] : machineLines(pinned).filter(({key}) => key !== "configured");
    return {duration: END, max: MEMORY * 1.06, series: vm === undefined ? [] : machineLines(vm), ghost, recorded: [], events: HAPPENS[name], now: null, guess: null};
  };
  const table = (c: Computed, times: readonly number[]): Table => {
    const vm = of(c);
    const columns = ["target", "current", "resident", "swapped", "ownSwap"] as const;
    return {
      columns: ["time (s)", ...["target", "current", "host RAM", "host swap", "own swap"].map((column) => `${column} (MiB)`)],
      rows: vm === undefined ? [] : times.map((t) => [t, ...columns.map((column) => Math.round(valueAt(vm[column], t)))])
    };
  };
  return {
    title: `The machine ${name}, on the host that was picked`,
    responsive: false,
    describe,
    render: (c) => <Timeline data={data(c)} size={machineSize} title={describe(c)} isAnswer />,
    moments: (c) => table(c, [0, 60, 150, 240, 400, 500, END]),
    data: (c) => table(c, Array.from({length: END / 10 + 1}, (_, i) => i * 10))
  };
}

const costTable = (c: Computed): Table => ({
  columns: ["machine", ...policyKeys.flatMap((key) => [`${labels[key]}: stall (s)`, `${labels[key]}: host swap traffic (MiB)`, `${labels[key]}: guest swap traffic (MiB)`])],
  rows: resultOf(c, "nobody").vms.map(({name}, i) => [name, ...policyKeys.flatMap((key) => {
    const vm = resultOf(c, key).vms[i];
    return [vm?.stall ?? 0, vm?.hostTraffic ?? 0, vm?.guestTraffic ?? 0].map((value) => Math.round(value * 10) / 10);
  })])
});

const describeCosts = (c: Computed): string => `Seconds that programs waited for pages: ${policyKeys.map((key) => `with ${labels[key]} ${resultOf(c, key).vms.map((vm) => `${vm.name} ${costText(vm)}`).join(", ")}`).join("; ")}.`;

const costs: FigureDef<Computed> = {
  title: "Who waits, and for how long",
  responsive: false,
  describe: describeCosts,
  render: (c) => (
    <CostBars
      title={describeCosts(c)}
      data={{
        columns: policyKeys.map((key) => labels[key]),
        rows: resultOf(c, "nobody").vms.map(({name}, i) => ({name, values: policyKeys.map((key) => {
          const vm = resultOf(c, key).vms[i];
          return vm === undefined ? {value: 0, text: "", loss: false} : {value: vm.killedAt === null ? vm.stall : 0, text: waitText(vm), loss: vm.jobKilled};
        })}))
      }}
    />
  ),
  moments: costTable,
  data: costTable
};

type Reading = (c: Computed) => {readonly value: number; readonly text: string};

/** Totals of each policy: `proxmoxStall`, `momTraffic`... */
function readings(key: PolicyKey): Record<string, Reading> {
  const reading = (read: (vm: VmResult) => number, text: (value: number) => string): Reading => (c) => {
    const value = sum(resultOf(c, key).vms, read);
    return {value: Math.round(value * 10) / 10, text: text(value)};
  };
  const traffic = (value: number): string => formatMib(kib(value * 1024));
  return {
    [`${key}Stall`]: reading(({stall}) => stall, stallText),
    [`${key}Host`]: reading(({hostTraffic}) => hostTraffic, traffic),
    [`${key}Guest`]: reading(({guestTraffic}) => guestTraffic, traffic),
    [`${key}Killed`]: (c) => {
      const {vms} = resultOf(c, key);
      return {value: losses(vms).length, text: lossText(vms)};
    }
  };
}

/** What each machine of the picked host paid, in words: `webPaid`, `batchPaid`... */
const paid = (name: MachineName): Reading => (c) => {
  const vm = vmOf(c.results, c.picked, name);
  if (vm === undefined) return {value: 0, text: ""};
  return {value: Math.round(vm.stall * 10) / 10, text: vm.killedAt === null ? `waits ${costText(vm)}` : costText(vm)};
};

/** Four hosts against four hosts: what everybody waited and swapped, and who was killed. */
function comparisonOf({results, pinned}: Computed): readonly Comparison[] {
  if (results === null || pinned === null) return [];
  return policyKeys.flatMap((key): Comparison[] => {
    const [a, b] = [pinned, results].map((all) => all.find((result) => result.key === key)?.vms ?? []);
    const row = (label: string, unit: string, read: (vm: VmResult) => number): Comparison => ({label: `${labels[key]}: ${label}, ${unit}`, a: sum(a ?? [], read), b: sum(b ?? [], read), unit});
    return [row("waited", "s", ({stall}) => stall), row("host swap", "MiB", ({hostTraffic}) => hostTraffic), row("guests' swap", "MiB", ({guestTraffic}) => guestTraffic), {label: `${labels[key]}: killed`, a: lossText(a ?? []), b: lossText(b ?? [])}];
  });
}

/** The runs of the present plan and of the pinned one. */
export interface Answer {
  readonly results: readonly PolicyResult[];
  readonly pinned: readonly PolicyResult[] | null;
}

/**
 * Where the page takes its runs from: worked out at once by the build, by a worker
 * in the browser; null before its first answer. Until then what the build drew
 * stands, and it drew one policy's machines: another one's are worth an answer.
 */
export type Results = (plan: Plan, pinned: Plan | null, picked: PolicyKey) => Answer | null;

export function overcommitPage(results: Results, live?: PageDef<Computed>["live"]): PageDef<Computed> {
  return {
    id: "overcommit",
    spec,
    compute: (setting, pin) => {
      const plan = planOf(setting);
      const picked = pickedOf(setting);
      const answer = results(plan, pin === null ? null : planOf(pin), picked);
      return {plan, picked, results: answer?.results ?? null, pinned: pin === null ? null : (answer?.pinned ?? null)};
    },
    ready: (c) => c.results !== null,
    figures: {nobody: hostFigure("nobody"), proxmox: hostFigure("proxmox"), mom: hostFigure("mom"), esx: hostFigure("esx"), costs, web: machineFigure("web"), busy: machineFigure("was busy"), batch: machineFigure("batch"), idle: machineFigure("idle")},
    numbers: {picked: (c) => ({value: policyKeys.indexOf(c.picked), text: labels[c.picked]}), webPaid: paid("web"), busyPaid: paid("was busy"), batchPaid: paid("batch"), idlePaid: paid("idle"), ...readings("nobody"), ...readings("proxmox"), ...readings("mom"), ...readings("esx")},
    comparison: comparisonOf,
    summary: (c) => (c.results === null ? "" : describeCosts(c)),
    ...(live === undefined ? {} : {live})
  };
}
