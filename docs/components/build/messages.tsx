import type {VNode} from "preact";
import {LayerName, Prose, SourceNote} from "./reference-parts.tsx";
import {meetingOf} from "./message-links.ts";
import {messages, type Message} from "./reference-data.ts";
import {CellLink, StateLink} from "./symptom-links.tsx";
import {explainHref, type TextExample} from "./text-links.ts";

/** The messages of one group, each a section of its own: search and links reach it. */
export function Messages({name}: {readonly name: string}): VNode {
  const found = messages.messages.filter((message) => message.group === name);
  if (found.length === 0) throw new Error(`no messages in the group: ${name}`);
  return <>{found.map((message) => <Entry message={message} />)}</>;
}

/** Framework makes the heading a link to itself. */
function Entry({message}: {readonly message: Message}): VNode {
  return (
    <>
      <h3 id={message.id} tabindex={-1} class="message"><code>{message.message}</code></h3>
      <p class="message-about">
        {message.layer === null ? null : <LayerName layer={message.layer} />}
        <span>{message.tool}</span>
        {message.code === null ? null : <span>{message.code}{message.prefix === null ? null : <>, printed after “{message.prefix}:”</>}</span>}
        <span>{message.evidence}: <SourceNote source={message.source} version={message.version} /></span>
      </p>
      <p class="message-text"><Prose text={message.cause} /> <b>What to do:</b> <Prose text={message.remedy} /> <Met message={message} /></p>
    </>
  );
}

/** A configuration that ends in it, on the page that explains configurations. */
function Explained({example: {text, instead}}: {readonly example: TextExample}): VNode {
  const link = <a href={explainHref(text)}>a configuration that ends in it</a>;
  return instead === undefined ? <><b>Open it:</b> {link}.</> : <><b>Open it:</b> {link}; what is said of it today: “{instead}”.</>;
}

/** Where the site shows it happen. */
function Met({message}: {readonly message: Message}): VNode {
  const meeting = meetingOf(message);
  if (meeting.kind === "none") return <span class="unit">No run shows it: {meeting.why}.</span>;
  if (meeting.kind === "state") return <><b>Open it:</b> <StateLink name={meeting.state} />.</>;
  if (meeting.kind === "text") return <Explained example={meeting.example} />;
  return <><b>Open it:</b> <CellLink id={meeting.cell.id} />.</>;
}
