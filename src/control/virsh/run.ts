import {define, dumpxml, runDefine, runDumpxml} from "./define.ts";
import {failed, type CommandResult, type Host} from "./host.ts";
import {destroy, runDestroy, runStart, runUndefine, start, undefine} from "./lifecycle.ts";
import {memtune, runMemtune} from "./memtune.ts";
import {domxmlFromNative, domxmlToNative, runFromNative, runToNative} from "./native.ts";
import {parseOptions, UsageFailure, type Command, type ParsedOptions} from "./options.ts";
import {runSetmaxmem, runSetmem, setmaxmem, setmem} from "./set-memory.ts";
import {dominfo, dommemstat, domstats, runDominfo, runDommemstat, runDomstats} from "./statistics.ts";
import {unsupported} from "./unsupported.ts";
import {splitWords} from "./words.ts";

type Handler = (host: Host, options: ParsedOptions) => CommandResult;

/** Every command the model answers. */
const commands: readonly (readonly [Command, Handler])[] = [
  [setmem, runSetmem],
  [setmaxmem, runSetmaxmem],
  [memtune, runMemtune],
  [dommemstat, runDommemstat],
  [domstats, runDomstats],
  [dominfo, runDominfo],
  [define, runDefine],
  [dumpxml, runDumpxml],
  [start, runStart],
  [destroy, runDestroy],
  [undefine, runUndefine],
  [domxmlToNative, runToNative],
  [domxmlFromNative, runFromNative]
];

/** Names of the commands the model answers. */
export const commandNames: readonly string[] = commands.map(([{name}]) => name);

/** Options of virsh itself that take a word of their own. */
const withValue = new Set(["-c", "--connect", "-d", "--debug", "-l", "--log", "-e", "--escape", "-k", "--keepalive-interval", "-K", "--keepalive-count"]);

/** Takes virsh and its own options off the front; says whether the connection is read-only. */
function commandWords(line: string): {readonly words: readonly string[]; readonly readOnly: boolean} {
  const words = splitWords(line);
  let i = words[0] === "virsh" ? 1 : 0;
  let readOnly = false;
  for (; words[i]?.startsWith("-") === true; i++) {
    const word = words[i] ?? "";
    if (word === "-r" || word === "--readonly") readOnly = true;
    if (withValue.has(word)) i++;
  }
  return {words: words.slice(i), readOnly};
}

const asReadOnly = (host: Host): Host => ({
  ...host,
  domains: host.domains.map((domain) => ({...domain, connection: {...domain.connection, readOnly: true}}))
});

/** The connection is read-only for one command line only. */
function restore(host: Host, before: Host): Host {
  const connection = before.connection;
  return {...host, domains: host.domains.map((domain) => ({...domain, connection}))};
}

/**
 * Runs a virsh command line against a host, as `virsh -q` 9.0.0 would.
 * @param line with or without "virsh" in front.
 * @throws ModelError `unsupported-command` where the model cannot know the answer.
 */
export function runVirsh(host: Host, line: string): CommandResult {
  const {words, readOnly} = commandWords(line);
  const [name = "", ...rest] = words;
  const found = commands.find(([command]) => command.name === name);
  if (!found) return unsupported(name, `one of ${commandNames.join(", ")}`);
  const [command, handler] = found;
  try {
    const options = parseOptions(command, rest);
    if (options.help) return unsupported(`${name} --help`, "a command without --help");
    if (!readOnly) return handler(host, options);
    const result = handler(asReadOnly(host), options);
    return {...result, host: restore(result.host, host)};
  } catch (thrown) {
    if (!(thrown instanceof UsageFailure)) throw thrown;
    return failed(host, ...thrown.message.split("\n"));
  }
}
