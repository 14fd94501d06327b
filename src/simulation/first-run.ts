import {kib, type KiB, type Seconds} from "../units.ts";

/**
 * The first, small model: one QEMU guest with virtio-balloon, its memory
 * touched once and freed, then ballooned. It knows nothing of pressure.
 */
export interface FirstRunSpec {
  readonly memory: KiB;
  readonly touched: {readonly from: Seconds; readonly to: Seconds; readonly amount: KiB};
  readonly targets: readonly {readonly at: Seconds; readonly target: KiB}[];
  readonly duration: Seconds;
}

export interface FirstRun {
  readonly times: Float64Array;
  readonly target: Float64Array;
  readonly actual: Float64Array;
  readonly memTotal: Float64Array;
  readonly memUsed: Float64Array;
  readonly resident: Float64Array;
}

const STEP = 0.1;
/** Recorded: 1 GiB in about 1 s under software emulation (qemu-balloon-series). Illustrative: rates depend on the host. */
const KIB_PER_STEP = 1024 * 1024 * STEP;
/** What Linux 6.1 keeps: a line through the recordings at 512 and 2048 MiB (qemu-size-pc-512, -2048). */
const kept = (memory: KiB): number => 46_912 + 0.01709 * memory;
/** Resident after boot and in use when idle, from qemu-balloon-series-dirty. */
const BOOT_RESIDENT = 132_000;
const IDLE_USED = 39_700;

export function firstRun(spec: FirstRunSpec): FirstRun {
  const steps = Math.round(spec.duration / STEP) + 1;
  const column = (): Float64Array => new Float64Array(steps);
  const run: FirstRun = {times: column(), target: column(), actual: column(), memTotal: column(), memUsed: column(), resident: column()};
  let actual = spec.memory as number;
  let resident = BOOT_RESIDENT;
  for (let i = 0; i < steps; i++) {
    const t = i * STEP;
    const target = targetAt(spec, t);
    const next = actual + Math.min(KIB_PER_STEP, Math.max(-KIB_PER_STEP, target - actual));
    const used = usedAt(spec, t);
    resident = Math.max(BOOT_RESIDENT, used + BOOT_RESIDENT - IDLE_USED, resident - Math.max(0, actual - next));
    actual = next;
    run.times[i] = t;
    run.target[i] = target;
    run.actual[i] = actual;
    run.memTotal[i] = actual - kept(spec.memory);
    run.memUsed[i] = used;
    run.resident[i] = Math.min(resident, actual);
  }
  return run;
}

/** QEMU clamps a target above the memory size silently (hw/virtio/virtio-balloon.c). */
function targetAt(spec: FirstRunSpec, t: number): KiB {
  const last = spec.targets.findLast((x) => x.at <= t + 1e-9);
  return kib(Math.min(spec.memory, last?.target ?? spec.memory));
}

function usedAt({touched}: FirstRunSpec, t: number): number {
  if (t < touched.from || t >= touched.to) return IDLE_USED;
  return IDLE_USED + (touched.amount * (t - touched.from)) / (touched.to - touched.from);
}
