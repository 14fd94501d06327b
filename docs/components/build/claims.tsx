import type {VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {RecordingFigure} from "./claim-figure.tsx";
import {claims, type Claim, type ClaimEvidence, type Verdict} from "./claims-data.ts";
import {versionById} from "./reference-data.ts";
import {LayerName, Prose} from "./reference-parts.tsx";
import {hrefOf} from "./state-links.ts";
import {ClaimJump, ClaimStill} from "./thread-jumps.tsx";
import {CellLink} from "./symptom-links.tsx";

/** What a reader may answer; the words of the verdict are the same but for an opinion. */
const ANSWERS = [["true", "true"], ["partly", "partly"], ["no", "false"]] as const;

const SAID = {true: "true", partly: "partly", no: "false", opinion: "opinion"} as const;

/** The claims of one mail. The verdicts are open here: without JavaScript nobody can ask for them. */
export function renderClaims(mail: string): string {
  const found = claims.filter((claim) => claim.mail.id === mail);
  if (found.length === 0) throw new Error(`no claims in mail: ${mail}`);
  return renderToString(<div class="claims">{found.map((claim) => <Article claim={claim} />)}</div>);
}

export const renderTally = (): string =>
  renderToString(<div class="tally needs-js" data-block="tally"><p role="status" data-tally="">{`You have answered none of the ${claims.length} claims.`}</p><button type="button" data-reset="">Forget my answers</button></div>);

/** Framework makes the heading a link to itself. */
function Article({claim}: {readonly claim: Claim}): VNode {
  return (
    <article class="claim" data-claim={claim.id} data-verdict={claim.verdict2009.word} aria-labelledby={claim.id}>
      <h3 id={claim.id} tabindex={-1}><span class="claim-id">{claim.id}</span> <Prose text={claim.claim} /></h3>
      <p class="claim-about">{claim.who}, <a href={claim.mail.url}>{claim.mail.date}{claim.mail.exact ? "" : " (the month's index)"}</a>; speaks about {claim.layer === null ? "no layer" : <LayerName layer={claim.layer} />}</p>
      <div class="claim-answers needs-js" role="group" aria-label={`Was ${claim.id} true in May 2009?`}>
        <span>In May 2009:</span>
        {ANSWERS.map(([value, label]) => <button type="button" data-answer={value} aria-pressed="false">{label}</button>)}
      </div>
      <details class="claim-verdict" open>
        <summary>Verdict on {claim.id}</summary>
        <dl>
          <Said when="May 2009" verdict={claim.verdict2009} />
          <Said when="versions read" verdict={claim.verdictToday} />
        </dl>
        <p><Prose text={claim.why} /></p>
        <Evidence evidence={claim.evidence} />
        {claim.evidence.kind === "state" || claim.evidence.kind === "scene" ? <ClaimStill claim={claim.id} /> : null}
        <ClaimJump claim={claim.id} />
        <ul class="claim-sources">{claim.sources.map((source) => <li><Source {...source} /></li>)}</ul>
      </details>
    </article>
  );
}

function Said({when, verdict}: {readonly when: string; readonly verdict: Verdict}): VNode {
  return <div><dt>{when}</dt><dd><b>{SAID[verdict.word]}</b>{verdict.note === "" ? null : <>: <Prose text={verdict.note} /></>} <span class="source-note">({verdict.read})</span></dd></div>;
}

function Evidence({evidence}: {readonly evidence: ClaimEvidence}): VNode {
  if (evidence.kind === "none") return <p class="no-layer">{evidence.note}</p>;
  if (evidence.kind === "scene") return <p><Prose text={evidence.note} /> <a href={`qemu-kvm.html#scene-${evidence.scene}`}>See the run</a>.</p>;
  if (evidence.kind === "cell") return <p><b>Our model of libvirt</b>: <Prose text={evidence.note} /> <CellLink id={evidence.cell} />.</p>;
  if (evidence.kind === "state") return <p><b>Our model</b>: <Prose text={evidence.note} /> <a href={hrefOf(evidence.state)}>Open the run</a>.</p>;
  const caption = <><b>Recording</b>, <a href="evidence.html"><code>{evidence.recording}</code></a>. <Prose text={evidence.note} /></>;
  if (!evidence.draw) return <p>{caption}</p>;
  return <figure class="scene"><div class="figure"><RecordingFigure name={evidence.recording} title={`A recording. ${evidence.note.replaceAll("`", "")}`} /></div><figcaption>{caption}</figcaption></figure>;
}

/** The permalink where there is one, and the version it was read at, which leads to the table of what was read. */
function Source({text, version, url}: Claim["sources"][number]): VNode {
  const {name, version: number} = versionById(version);
  const what = <Prose text={text} />;
  return <>{url === null ? what : <a href={url}>{what}</a>}, <a href={`sources.html#version-${version}`}>{name.split(",")[0]} {number}</a></>;
}
