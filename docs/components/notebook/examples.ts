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

/** Every one is run and checked by a test, as it stands here. */
export const examples: readonly Example[] = [
  {
    id: "compare",
    title: "The same size and the same target on QEMU, Xen and ESX",
    about: "A guest of 2048 MiB writes to 1200 MiB and is then asked to live in 1024. QEMU with a virtio balloon, Xen PV and ESX answer; change the size, the load or the target and all three follow.",
    cells: [
      md("compare-0", "Three machines of the same size get the same load and the same target. What does the guest see, and what does the host hold?"),
      ts("compare-1", `
const size = mibToKib(mib(2048));
const target = mibToKib(mib(1024));
const swap = mibToKib(mib(1024)); // in the guest
const load = [{at: seconds(3), type: "allocate", size: mibToKib(mib(1200)), rate: 400 * 1024}] as const;
const when = seconds(12);
const duration = seconds(40);`),
      ts("compare-2", `
const onQemu = simulate({
  machine: {memory: size}, driver: {loadsAt: 1}, workload: {swap},
  events: [...load, {at: when, type: "balloon", target}],
  duration
});
const onXen = simulateXen({
  machine: {type: "pv", memory: size, maxmem: size}, workload: {swap},
  events: [...load, {at: when, type: "setmem", target}],
  duration
});
const onEsx = only(simulateEsx({
  host: {ram: mibToKib(mib(16384))},
  vms: [{name: "vm", memory: size, driver: {loadsAt: 1}, workload: {swap}}],
  events: [...load, {at: when, type: "setmem", target}], // libvirt writes the limit
  duration
}).vms);`),
      ts("compare-3", `
const all = [["QEMU", onQemu], ["Xen PV", onXen], ["ESX", onEsx]] as const;
all.map(([hypervisor, run]) => {
  const end = run.stateAt(duration);
  const inMib = (size: number) => Math.round(size / 1024);
  return {
    hypervisor,
    "MemTotal (MiB)": inMib(end.memTotal), "balloon (MiB)": inMib(end.balloon),
    "guest swap (MiB)": inMib(end.guestSwapUsed), "host RAM (MiB)": inMib(end.resident), "host swap (MiB)": inMib(end.hostSwapped)
  };
})`),
      ts("compare-4", "for (const [hypervisor, run] of all) display(chart(run, {title: hypervisor}));"),
      md("compare-5", "Three answers to one question. QEMU's driver takes what it was asked for, and the guest swaps. Xen's takes no more than the guest has available, and stops above the target. On ESX the guest's MemTotal stays as it was: its balloon hides among what is used.")
    ]
  },
  {
    id: "workload",
    title: "Your own workload",
    about: "A list of what processes in the guest do, and what is left on the host when they have ended.",
    cells: [
      ts("workload-1", `
const workload: EventSpec[] = [
  {at: seconds(3), type: "allocate", name: "database", size: mibToKib(mib(900)), rate: 300 * 1024},
  {at: seconds(8), type: "cache", size: mibToKib(mib(400))},
  {at: seconds(12), type: "free", name: "database"},
  {at: seconds(15), type: "balloon", target: mibToKib(mib(768))},
  {at: seconds(18), type: "allocate", name: "report", size: mibToKib(mib(300)), rate: 300 * 1024}
];`),
      ts("workload-2", `
const worked = simulate({machine: {memory: mibToKib(mib(2048))}, driver: {loadsAt: 1}, events: workload, duration: seconds(24)});
chart(worked)`),
      ts("workload-3", "rows(worked, [0, 7, 11, 14, 17, 24], [\"memTotal\", \"memFree\", \"anon\", \"cached\", \"resident\"])")
    ]
  },
  {
    id: "policy",
    title: "Your own balloon policy",
    about: "A policy looks at a host and its guests and says targets: the same plug-in that the Proxmox and MOM policies of this site are. Here it leaves each guest a margin over what it uses.",
    cells: [
      ts("policy-1", `
const margin = 256 * 1024; // KiB that each guest keeps beyond what it uses
const leaveMargin: PolicyKind = {
  name: "a margin each",
  period: seconds(5),
  monitor: null,
  start: () => ({
    decide: (_host, guests) => guests.map(({available, current, minimum, maximum, target}) =>
      available === null ? target : kib(Math.round(Math.min(maximum, Math.max(minimum, current - available + margin)))))
  })
};`),
      ts("policy-2", `
const machine = resolveMachine({memory: mibToKib(mib(2048)), balloon: {deflateOnOom: false, freePageReporting: false}});
const job = (from: number, to: number) => [
  {at: seconds(from), type: "allocate", name: "job", size: mibToKib(mib(1400)), rate: 40 * 1024} as const,
  {at: seconds(to), type: "free", name: "job"} as const
];
const host = (policy: PolicyKind | null) => simulateHost({
  host: {ram: mibToKib(mib(3072)), swap: mibToKib(mib(4096)), others: mibToKib(mib(256))},
  vms: [["first", job(10, 90)], ["second", job(150, 270)]].map(([name, events]) => ({
    name: String(name), machine, events: events as ReturnType<typeof job>, minimum: mibToKib(mib(512)),
    driver: {loadsAt: 2}, workload: {overcommit: 1, swap: mibToKib(mib(1024))}
  })),
  policy,
  duration: seconds(300), step: seconds(1)
});
const governed = host(leaveMargin);`),
      ts("policy-3", `
[["nobody", null], ["Proxmox", proxmoxPolicy()], ["MOM", momPolicy()], [leaveMargin.name, leaveMargin]].map(([who, policy]) => {
  const {vms} = host(policy as PolicyKind | null);
  const sum = (read: (vm: (typeof vms)[number]) => number) => vms.reduce((total, vm) => total + read(vm), 0);
  return {
    "who moves targets": String(who),
    "host swap written (MiB)": Math.round(sum(({cost}) => cost.hostSwapOut) / 1024),
    "waited (s)": Math.round(sum(({cost}) => cost.stall) * 10) / 10,
    "refused or killed": sum(({cost}) => cost.refusals + cost.oomKills)
  };
})`),
      ts("policy-4", `
for (const vm of governed.vms) display(chart({times: governed.times, columns: vm.columns}, {columns: ["target", "actual", "anon", "resident"], title: vm.name}));`)
    ]
  },
  {
    id: "samples",
    title: "Your own samples of free",
    about: "Paste what free -m showed over time as comma separated text. The configured size and the targets that explain it are looked for, and the model is drawn over your samples.",
    cells: [
      md("samples-0", "The samples here are of a recording: a guest that was given 2048 MiB, then asked to live in 1024, in 512 and in all of it again. Put yours in their place: seconds, and the columns total and free of free -m."),
      ts("samples-1", `
const pasted = \`
time,total,free
0,1967,1928
4,943,913
8,431,401
12,1967,1889
\`;
const samples = csv(pasted).map(({time, total, free}) => ({time: Number(time), total: Number(total), free: Number(free)}));
samples`),
      ts("samples-2", `
// MemTotal at boot grows with the configured size: the least size that shows the largest total, MiB.
const seen = Math.max(...samples.map(({total}) => total));
const totalAtBoot = (size: number) => Math.floor(bootGuest(resolveMachine({memory: mibToKib(mib(size))})).memTotal / 1024);
let configured = 64;
for (let step = 65536; step >= 1; step /= 2) if (totalAtBoot(configured + step) < seen) configured += step;
configured += 1;
({"configured (MiB)": configured, "MemTotal of that (MiB)": totalAtBoot(configured), "largest total seen (MiB)": seen})`),
      ts("samples-3", `
// Where the total changed, somebody had set a target after the sample before.
const targets = samples.flatMap(({time, total}, i) => {
  const [before = {time, total}] = samples.slice(i - 1, i);
  if (Math.abs(total - before.total) < 8) return [];
  return [{at: seconds(before.time + 0.2), type: "balloon", target: mibToKib(mib(configured - (seen - total)))} as const];
});
targets.map(({at, target}) => ({"time (s)": at, "target (MiB)": target / 1024}))`),
      ts("samples-4", `
const fitted = simulate({machine: {memory: mibToKib(mib(configured))}, driver: {loadsAt: 0}, events: targets, duration: seconds(Math.max(...samples.map(({time}) => time)) + 2)});
display(chart(fitted, {
  columns: ["configured", "target", "memTotal", "memFree"],
  dots: {memTotal: samples.map(({time, total}) => [time, total] as const), memFree: samples.map(({time, free}) => [time, free] as const)}
}));
samples.map(({time, total, free}) => {
  const model = fitted.stateAt(seconds(time));
  return {"time (s)": time, "total seen": total, "total of the model": Math.floor(model.memTotal / 1024), "free seen": free, "free of the model": Math.floor(model.memFree / 1024)};
})`)
    ]
  }
];
