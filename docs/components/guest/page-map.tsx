import type {VNode} from "preact";

const COLUMNS = 32;
const CELL = 18;
const PAGES_PER_MIB = 256;

/** Guest-physical memory, one square a MiB, from address 0: filled as far as the balloon holds its pages; hatched where firmware keeps it. */
export function PageMap({frames, memory}: {readonly frames: Uint16Array; readonly memory: number}): VNode {
  const held = frames.reduce((sum, count) => sum + count, 0);
  const touched = frames.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const rows = Math.ceil(memory / COLUMNS);
  const title = `Physical memory of the guest: the balloon holds ${held} pages in ${touched} of ${memory} MiB.`;
  return (
    <svg class="page-map" viewBox={`0 0 ${COLUMNS * CELL} ${rows * CELL}`} role="img" aria-label={title}>
      {Array.from({length: memory}, (_, i) => {
        const [x, y] = [(i % COLUMNS) * CELL, Math.floor(i / COLUMNS) * CELL];
        const share = (frames[i] ?? 0) / PAGES_PER_MIB;
        const kept = i === 0 || i >= memory - 16;
        return <rect key={i} class={kept ? "kept" : share > 0 ? "held" : "free"} x={x + 1} y={y + 1} width={CELL - 2} height={CELL - 2} fill-opacity={kept || share === 0 ? undefined : Math.round((0.25 + 0.75 * share) * 100) / 100} />;
      })}
    </svg>
  );
}
