import type {VNode} from "preact";
import {LayerName, Prose, SourceNote} from "./reference-parts.tsx";
import {messages, type Message} from "./reference-data.ts";

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
      <p class="message-text"><Prose text={message.cause} /> <b>What to do:</b> <Prose text={message.remedy} /></p>
    </>
  );
}
