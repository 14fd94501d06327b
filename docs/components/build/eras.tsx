import {renderToString} from "preact-render-to-string";
import {xenParameters, type XenParameters} from "../../../src/domain/xen/parameters.ts";
import type {Sourced} from "../../../src/source.ts";

type Name = Exclude<keyof XenParameters, "era">;

const yes = (value: boolean): string => (value ? "yes" : "no");
const mib = (value: number): string => `${value / 1024} MiB`;

/** Each parameter of the two sets, in the order of the page, as a reader would say it. */
const ROWS: readonly {readonly name: Name; readonly label: string; readonly say: (p: XenParameters) => string}[] = [
  {name: "capAtStart", label: "Xen's cap when the domain is built", say: (p) => (p.capAtStart.value === "target" ? `the target and ${mib(p.capMargin.value)}` : "the maximum")},
  {name: "capFollowsTarget", label: "mem-set moves the cap", say: (p) => yes(p.capFollowsTarget.value)},
  {name: "pvSlack", label: "RAM in a PV map beyond maxmem", say: (p) => (p.pvSlack.value === 0 ? "none" : mib(p.pvSlack.value))},
  {name: "clamp", label: "pages the kernel keeps room for", say: ({clamp: {value}}) => (value.ofTotal ? `${value.ratio} times its first ones, they included` : `${value.ratio} times its first ones, beside them`)},
  {name: "limitedByAvailable", label: "the driver takes no more than is available", say: (p) => yes(p.limitedByAvailable.value)},
  {name: "maxRetryCount", label: "failures before the driver gives up", say: (p) => (p.maxRetryCount.value === 0 ? "it never does" : String(p.maxRetryCount.value))},
  {name: "maxScheduleDelay", label: "longest wait between two tries", say: (p) => `${p.maxScheduleDelay.value} s`},
  {name: "hotplug", label: "memory beyond the map can be added", say: (p) => yes(p.hotplug.value)},
  {name: "targetCorrected", label: "the driver corrects its target for what is no RAM", say: (p) => yes(p.targetCorrected.value)}
];

/** Names and rows of the two parameter sets that differ, with where each value is written. */
export const eraRows = (): readonly {readonly label: string; readonly then: string; readonly now: string; readonly sources: readonly string[]}[] => {
  const [then, now] = [xenParameters("2009"), xenParameters("today")];
  const place = ({source: {place: at, version}}: Sourced<unknown>): string => `${at} (${version})`;
  return ROWS.map(({name, label, say}) => ({label, then: say(then), now: say(now), sources: [place(then[name]), place(now[name])]}));
};

/** What differs between the Xen and Linux of the mails and those of today. */
export function renderEras(): string {
  return renderToString(
    <div class="scroll eras" tabIndex={0} role="region" aria-label="2009 and today">
      <table>
        <thead><tr><th scope="col">what</th><th scope="col">2009</th><th scope="col">today</th><th scope="col">read in</th></tr></thead>
        <tbody>{eraRows().map(({label, then, now, sources}) => (
          <tr key={label}><th scope="row">{label}</th><td>{then}</td><td>{now}</td><td class="read-in">2009: {sources[0]}<br />today: {sources[1]}</td></tr>
        ))}</tbody>
      </table>
    </div>
  );
}
