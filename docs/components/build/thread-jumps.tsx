import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {SMALL, Timeline} from "../figure/timeline.tsx";
import {page} from "../pages/thread.tsx";
import {words, type Words} from "../pages/thread-words.ts";
import {encode} from "../state/link.ts";
import {initialState, reduce} from "../state/page-state.ts";

/** Where the figure stands on the page. */
const FIGURE = "one-figure-for-all-of-them";

const hrefOf = (found: Words): string => encode(page.spec, reduce(page.spec, initialState(page.spec), {type: "set", name: "words", value: words.indexOf(found)}), FIGURE) || `#${FIGURE}`;

const Jump = ({to}: {readonly to: Words}): VNode => <a class="jump" href={hrefOf(to)}>{to.label}</a>;

/** In prose, {{jump_ID}}: words that set the page's figure. */
export function renderJump(id: string): string {
  const found = words.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no words in the mails: ${id}`);
  return renderToString(<Jump to={found} />);
}

/** What a claim speaks about, in the page's figure; null for a claim about no run. */
export function ClaimJump({claim}: {readonly claim: string}): VNode | null {
  const found = words.find(({claims}) => claims.includes(claim));
  return found === undefined ? null : <p class="claim-jump">In the figure: <Jump to={found} /></p>;
}

/** The same run, small and still: for paper, and where no script runs. Drawn once, with the first claim about it. */
export function ClaimStill({claim}: {readonly claim: string}): VNode | null {
  const found = words.find(({claims}) => claims[0] === claim);
  if (found === undefined) return null;
  const {timeline, end} = found.show();
  return <figure class="scene"><div class="figure"><Timeline data={timeline} size={{...SMALL, every: end > 60 ? 30 : 10}} title={found.about} /></div><figcaption><b>Our model</b>. {found.about}</figcaption></figure>;
}
