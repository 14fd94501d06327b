import type {VNode} from "preact";
import {useEffect, useRef, useState} from "preact/hooks";
import {keyBytes} from "./terminal.ts";

export interface ConsoleProps {
  readonly text: string;
  readonly onKeys: (keys: string) => void;
}

/** The serial console: a log that takes keys while it has the focus, and a line for phones and screen readers. */
export function Console({text, onKeys}: ConsoleProps): VNode {
  const log = useRef<HTMLPreElement>(null);
  const [line, setLine] = useState("");
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  }, [text]);
  const keys = (event: KeyboardEvent): void => {
    const copies = event.ctrlKey && event.key.toLowerCase() === "c" && String(getSelection()) !== "";
    const bytes = copies ? null : keyBytes(event);
    if (bytes === null) return;
    event.preventDefault();
    event.stopPropagation();
    onKeys(bytes);
  };
  return (
    <div class="guest-console">
      <pre ref={log} tabIndex={0} role="log" aria-live="off" aria-label="Serial console of the guest" aria-describedby="guest-console-help" onKeyDown={keys}>{text}</pre>
      <form onSubmit={(event) => {
        event.preventDefault();
        onKeys(`${line}\n`);
        setLine("");
      }}>
        <label>Command <input name="guest-line" type="text" autocomplete="off" autocapitalize="off" spellcheck={false} value={line} onInput={(event) => setLine(event.currentTarget.value)} /></label>
        <button type="submit">Send</button>
        <button type="button" onClick={() => onKeys("\x03")}>Interrupt (Ctrl+C)</button>
      </form>
      <p class="help" id="guest-console-help">Click the console to type into it directly; Tab leaves it. Selected text copies with Ctrl+C.</p>
    </div>
  );
}
