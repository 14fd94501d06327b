import type {Cell} from "./cell.ts";

/** Cells a reader may start from. */
export interface Example {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly cells: readonly Cell[];
}

const ts = (id: string, code: string): Cell => ({id, kind: "ts", code: code.trim(), folded: false, slot: 0});
const md = (id: string, code: string): Cell => ({id, kind: "md", code: code.trim(), folded: false, slot: 0});

/** Every one is run by a test, as it stands here. */
export const examples: readonly Example[] = [
  {
    id: "compare",
    title: "The same target on QEMU and on Xen",
    about: "A guest of 2048 MiB is asked to live in 1024 MiB. QEMU with a virtio balloon and Xen PV answer; change the size or the target and both follow.",
    cells: [
      md("compare-0", "Both machines are given the same size and the same target. What does the guest see, and what does the host hold?"),
      ts("compare-1", `
const size = mibToKib(mib(2048));
const target = mibToKib(mib(1024));`),
      ts("compare-2", `
const onQemu = simulate({
  machine: {memory: size},
  driver: {loadsAt: 1},
  events: [{at: seconds(5), type: "balloon", target}],
  duration: seconds(20)
});
const onXen = simulateXen({
  machine: {type: "pv", memory: size, maxMemory: size},
  events: [{at: seconds(5), type: "xl", command: "mem-set guest 1024"}],
  duration: seconds(20)
});`),
      ts("compare-3", `
[["QEMU", onQemu], ["Xen PV", onXen]].map(([name, run]) => {
  const end = run.stateAt(seconds(20));
  return {hypervisor: name, "MemTotal (MiB)": Math.round(end.memTotal / 1024), "held by the host (MiB)": Math.round(end.resident / 1024)};
})`),
      ts("compare-4", "display(chart(onQemu, {title: \"QEMU\"}));\ndisplay(chart(onXen, {title: \"Xen PV\"}));")
    ]
  },
  {
    id: "workload",
    title: "Your own workload",
    about: "A list of what processes in the guest do, and what is left on the host when they have ended.",
    cells: [
      ts("workload-1", `
const workload = [
  {at: seconds(3), type: "allocate", size: mibToKib(mib(900))},
  {at: seconds(8), type: "cache", size: mibToKib(mib(400))},
  {at: seconds(12), type: "free"},
  {at: seconds(15), type: "balloon", target: mibToKib(mib(768))}
] as const;`),
      ts("workload-2", `
const worked = simulate({
  machine: {memory: mibToKib(mib(2048))},
  driver: {loadsAt: 1},
  events: workload,
  duration: seconds(24)
});
chart(worked)`),
      ts("workload-3", "rows(worked, [0, 7, 11, 14, 24], [\"memTotal\", \"memFree\", \"cached\", \"resident\"])")
    ]
  },
  {
    id: "policy",
    title: "Your own balloon policy",
    about: "A policy is a function: it sees the guest's numbers and says the next target. Here it leaves the guest a fixed margin of free memory.",
    cells: [
      ts("policy-1", `
// MiB in, MiB out: the guest keeps what it uses and a margin.
const margin = 200;
const policy = ({memTotal, memAvailable}: {memTotal: number; memAvailable: number}) => memTotal - memAvailable + margin;`),
      ts("policy-2", `
const everySeconds = 4;
const decided = [];
for (let at = 6; at < 40; at += everySeconds) {
  const events = [
    {at: seconds(3), type: "allocate", size: mibToKib(mib(500))} as const,
    {at: seconds(20), type: "free"} as const,
    ...decided
  ].sort((a, b) => a.at - b.at);
  const sofar = simulate({machine: {memory: mibToKib(mib(2048))}, driver: {loadsAt: 1}, events, duration: seconds(at)});
  const now = sofar.stateAt(seconds(at));
  const wanted = policy({memTotal: now.actual / 1024, memAvailable: now.memAvailable / 1024});
  decided.push({at: seconds(at), type: "balloon", target: mibToKib(mib(Math.round(Math.min(2048, Math.max(128, wanted)))))} as const);
}`),
      ts("policy-3", `
const governed = simulate({
  machine: {memory: mibToKib(mib(2048))},
  driver: {loadsAt: 1},
  events: [
    {at: seconds(3), type: "allocate", size: mibToKib(mib(500))} as const,
    {at: seconds(20), type: "free"} as const,
    ...decided
  ].sort((a, b) => a.at - b.at),
  duration: seconds(42)
});
chart(governed, {columns: ["configured", "target", "memTotal", "memAvailable"]})`)
    ]
  },
  {
    id: "samples",
    title: "Your own samples of free",
    about: "Paste what free -m showed over time, as comma separated text; the configured size that explains the totals best is looked for.",
    cells: [
      ts("samples-1", `
const pasted = \`
time,total,free
0,1963,1900
10,1963,1893
20,939,872
\`;
const samples = csv(pasted);
samples`),
      ts("samples-2", `
// The model's total at boot for a size, MiB; the largest sample is before any balloon.
const seen = Math.max(...samples.map((sample) => Number(sample.total)));
const totalAtBoot = (size: number) => simulate({machine: {memory: mibToKib(mib(size))}, duration: seconds(1)}).stateAt(seconds(0)).memTotal / 1024;
let fitted = 128;
for (let step = 4096; step >= 1; step /= 2) if (totalAtBoot(fitted + step) <= seen) fitted += step;
({"configured, MiB, at least": fitted, "MemTotal of that": Math.round(totalAtBoot(fitted)), "MemTotal seen": seen})`),
      ts("samples-3", `
samples.map((sample) => ({...sample, "in the balloon (MiB)": seen - Number(sample.total)}))`)
    ]
  }
];
