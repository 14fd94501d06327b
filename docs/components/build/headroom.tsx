import {renderToString} from "preact-render-to-string";
import {mib, mibToKib} from "../../../src/units.ts";
import {Curve} from "../figure/curve.tsx";
import {group} from "../figure/format.ts";
import {bootTerms} from "../pages/qemu-kvm-boot.tsx";

/** The target that stays while the maximum grows, MiB. */
const TARGET = 1024;
const SIZES = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32].map((gib) => gib * 1024);

/** What is left of a fixed target when the configured size grows: the price of headroom. */
export function renderHeadroom(): string {
  const points = SIZES.map((size) => {
    const {configured, memTotal} = bootTerms(mibToKib(mib(size)));
    return [size, TARGET - (configured - memTotal) / 1024] as const;
  });
  const text = ([size, left]: readonly [number, number]): string => `${size / 1024} GiB: ${group(left)} MiB`;
  const title = `MemTotal of a guest ballooned to ${group(TARGET)} MiB, by configured size. ${points.map(text).join("; ")}.`;
  const label = (size: number): string => `${group(points.find(([v]) => v === size)?.[1] ?? 0)} MiB`;
  const data = {points, layer: "current" as const, x: "configured, GiB", y: `MemTotal with a target of ${group(TARGET)} MiB`, marks: [{x: 32768, label: label(32768)}]};
  return renderToString(
    <figure class="scene">
      <div class="figure"><Curve data={data} title={title} /></div>
      <figcaption>The same target of {group(TARGET)} MiB, ever more headroom above it. What the kernel keeps grows with what it might be given.</figcaption>
    </figure>
  );
}
