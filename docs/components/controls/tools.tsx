import type {VNode} from "preact";
import type {ToolOutput} from "../pages/page.ts";

export interface ToolsProps {
  readonly outputs: readonly ToolOutput[];
  readonly onCopy: (text: string) => void;
}

/** Commands and what they would print now. */
export function Tools({outputs, onCopy}: ToolsProps): VNode {
  return (
    <div class="tools-inner">
      {outputs.map(({tool, where, command, output}) => (
        <figure key={command} class="tool-output">
          <figcaption>{tool}<span class="where-run">{where === "host" ? " on the host" : " in the guest"}</span></figcaption>
          <pre tabIndex={0}><code><b>{where === "guest" ? "# " : "$ "}{command}</b>{"\n"}{output}</code></pre>
          <button type="button" class="copy needs-js" aria-label={`Copy: ${command}`} onClick={() => onCopy(command)}>Copy</button>
        </figure>
      ))}
    </div>
  );
}
