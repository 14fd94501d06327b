import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import recorded from "../../../data/guest/steps.json";
import {bootFlat} from "../../../src/guest/boot/flat-boot.ts";
import {mib} from "../../../src/units.ts";
import {ComparedTable, type Row} from "../guest/compared-table.tsx";
import {runs} from "../guest/runs.ts";

/** Sizes a reader may boot with, MiB: the emulator puts the initramfs at 64 MiB, so none is smaller. */
const SIZES = [80, 96, 128, 192, 256, 384, 512];
const DEFAULT = 256;

/** The parts of the page `guest`: the form that starts it, and what is there without JavaScript. */
export function renderGuest(name: string): string {
  switch (name) {
    case "start": return renderToString(<Start />);
    case "recorded": return renderToString(<RecordedRun />);
    case "boots": return renderToString(<Boots />);
    default: throw new Error(`unknown guest block: ${name}`);
  }
}

function Start(): VNode {
  return (
    <>
      <form class="guest-start needs-js" data-guest-start="">
        <label>RAM <select name="memory">{SIZES.map((size) => <option key={size} value={size} selected={size === DEFAULT}>{size} MiB</option>)}</select></label>
        <label class="check"><input type="checkbox" name="deflate" /> offer deflate-on-oom</label>
        <button type="submit" disabled>Start Linux</button>
        <p role="status" data-guest-said="">Start fetches 1.8 MB: an emulator, a firmware and a kernel. They run in this page and send nothing anywhere.</p>
      </form>
      <noscript><p>Without JavaScript the guest cannot run here; below is a run of it that was recorded.</p></noscript>
      <div data-guest="" />
    </>
  );
}

/** A run of the first experiment, recorded by the same code in Node. */
function RecordedRun(): VNode {
  const run = runs[0];
  const size = recorded.setup.memoryMiB;
  const boot = bootFlat(mib(size)).memTotal;
  const rows = recorded.steps.map(({act, after}): Row => ({
    said: act.text,
    compared: {what: "MemTotal", unit: "KiB", predicted: boot - 4 * after.host.targetBalloonPages, measured: after.guest.MemTotalKiB}
  }));
  return <div class="guest-record"><ComparedTable rows={rows} caption={`Recorded on ${recorded.recorded.date}, ${size} MiB: ${run?.title ?? ""}`} /></div>;
}

/** MemTotal of every size on offer, by the model. */
function Boots(): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="MemTotal by size">
      <table>
        <thead><tr><th scope="col">RAM</th><th scope="col">firmware keeps</th><th scope="col">page structures</th><th scope="col">image and the rest</th><th scope="col">MemTotal</th></tr></thead>
        <tbody>
          {SIZES.map((size) => {
            const {memTotal, taken} = bootFlat(mib(size));
            const [firmware, structs] = [taken.firmware / 1024, taken["page-structures"] / 1024];
            return <tr key={size}><th scope="row">{size} MiB</th>{[firmware, structs, size * 1024 - firmware - structs - memTotal, memTotal].map((value, i) => <td key={i}>{String(value).replace(/\B(?=(\d{3})+$)/g, ",")} KiB</td>)}</tr>;
          })}
        </tbody>
      </table>
    </div>
  );
}
