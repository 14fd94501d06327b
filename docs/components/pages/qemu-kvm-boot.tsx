import {resolveMachine} from "../../../src/domain/machine.ts";
import {bootGuest} from "../../../src/guest/boot/boot.ts";
import {kib, mib, mibToKib, type KiB} from "../../../src/units.ts";
import {formatMib} from "../figure/format.ts";
import {Waterfall, type Step, type WaterfallData} from "../figure/waterfall.tsx";
import type {FigureDef} from "./page.ts";
import type {Computed} from "./qemu-kvm-case.ts";

/** Terms below this are drawn as one. */
const SMALL = kib(256);

interface Boot {
  readonly configured: KiB;
  readonly memTotal: KiB;
  readonly terms: readonly {readonly key: string; readonly label: string; readonly size: KiB}[];
}

/** Every named term between the configured size and MemTotal, the firmware's own first. */
export function bootTerms(configured: KiB): Boot {
  const {usable, terms, memTotal} = bootGuest(resolveMachine({memory: configured}));
  const firmware = {key: "firmware", label: "firmware", size: kib(configured - usable)};
  return {configured, memTotal, terms: [firmware, ...terms]};
}

/** The terms as steps, the small ones together at the end. */
function steps({terms}: Boot): Step[] {
  const large = terms.filter((t) => t.size >= SMALL).map((t) => ({key: t.key, label: t.label, value: t.size / 1024}));
  const rest = terms.filter((t) => t.size < SMALL).reduce((sum, t) => sum + t.size, 0);
  const shown = large.slice(0, 7);
  const hidden = large.slice(7).reduce((sum, s) => sum + s.value, 0);
  return [...shown, {key: "rest", label: "smaller parts", value: rest / 1024 + hidden}];
}

const ofPage = (c: Computed): Boot => bootTerms(mibToKib(mib(c.setting.params.configured ?? 2048)));

const waterfall = (b: Boot): WaterfallData => ({
  from: {label: "configured", value: b.configured / 1024},
  to: {label: "MemTotal at boot", value: b.memTotal / 1024},
  steps: steps(b)
});

export const boot: FigureDef<Computed> = {
  title: "From configured to MemTotal at boot",
  responsive: false,
  describe: (c) => {
    const b = ofPage(c);
    return `Of ${formatMib(b.configured)} configured, ${formatMib(b.memTotal)} are MemTotal at boot. In between: ${b.terms.filter((t) => t.size >= SMALL).map((t) => `${t.label} ${formatMib(t.size)}`).join(", ")}.`;
  },
  render: (c) => <Waterfall data={waterfall(ofPage(c))} title={boot.describe(c)} />,
  moments: (c) => ({columns: ["term", "size (KiB)"], rows: ofPage(c).terms.map((t) => [t.label, t.size])}),
  data: (c) => ({columns: ["term", "size (KiB)"], rows: ofPage(c).terms.map((t) => [t.label, t.size])})
};
