/** How an option of a virsh command is given (vshCmdOptType). */
export type OptionKind = "bool" | "number" | "string" | "data" | "argv" | "alias";

export interface Option {
  readonly name: string;
  readonly kind: OptionKind;
  readonly required?: boolean;
  /** Only with its name, never by position (VSH_OFLAG_REQ_OPT). */
  readonly named?: boolean;
  /** For an alias: the option it stands for. */
  readonly of?: string;
}

export interface Command {
  readonly name: string;
  readonly options: readonly Option[];
}

/** Options of a command line, by name; a bool is there or not. */
export interface ParsedOptions {
  readonly has: (name: string) => boolean;
  readonly value: (name: string) => string | undefined;
  readonly values: (name: string) => readonly string[];
  /** `--help` was among them: virsh shows help in place of the command. */
  readonly help: boolean;
}

/** What virsh says of a command line it cannot take. */
export class UsageFailure extends Error {}

const refuse = (message: string): never => {
  throw new UsageFailure(message);
};

/** The state of one parse: which options were seen, which may still be filled by position. */
class Parse {
  readonly found: {readonly name: string; readonly value: string}[] = [];
  readonly #seen = new Set<string>();
  readonly #open: Option[];
  readonly #command: Command;
  help = false;

  constructor(command: Command) {
    this.#command = command;
    this.#open = command.options.filter(({kind, named}) => kind !== "bool" && kind !== "alias" && named !== true);
  }

  named(name: string): Option {
    const option = this.#command.options.find((one) => one.name === name);
    if (option?.kind === "alias" && option.of !== undefined) return this.named(option.of);
    if (!option) return refuse(`command '${this.#command.name}' doesn't support option --${name}`);
    if (this.#seen.has(name) && option.kind !== "argv") return refuse(`option --${name} already seen`);
    this.#seen.add(name);
    return option;
  }

  take({name, kind}: Option, value: string): void {
    this.found.push({name, value});
    const at = this.#open.findIndex((one) => one.name === name);
    if (at >= 0 && kind !== "argv") this.#open.splice(at, 1);
  }

  positional(word: string): void {
    const option = this.#open[0] ?? refuse(`unexpected data '${word}'`);
    this.#seen.add(option.name);
    this.take(option, word);
  }

  missing(): readonly string[] {
    const {name: command, options} = this.#command;
    return options
      .filter(({name, required}) => required === true && !this.#seen.has(name))
      .map(({name, kind}) => `command '${command}' requires ${kind === "data" || kind === "argv" ? `<${name}>` : `--${name}`} option`);
  }
}

/** Takes `--name`, `--name=value` or `--name value`; says how many words it took. */
function takeNamed(parse: Parse, word: string, next: string | undefined): number {
  const [, name = "", equals] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
  if (name === "help") {
    parse.help = true;
    return 1;
  }
  const option = parse.named(name);
  if (option.kind === "bool") {
    if (equals !== undefined) refuse(`invalid '=' after option --${name}`);
    parse.take(option, "");
    return 1;
  }
  const value = equals ?? next ?? refuse(`expected syntax: --${option.name} <${option.kind === "number" ? "number" : "string"}>`);
  parse.take(option, value);
  return equals === undefined ? 2 : 1;
}

/**
 * Reads the words after a command's name as virsh does: named options in any
 * order, the others by position, everything after `--` by position.
 * @throws UsageFailure with virsh's message; several missing options are several lines.
 * Source: libvirt 9.0.0 tools/vsh.c vshCommandParse, vshCmddefGetOption, vshCommandCheckOpts.
 */
export function parseOptions(command: Command, words: readonly string[]): ParsedOptions {
  const parse = new Parse(command);
  let onlyData = false;
  for (let i = 0; i < words.length; ) {
    const word = words[i] ?? "";
    if (!onlyData && /^--[A-Za-z0-9]/.test(word)) {
      i += takeNamed(parse, word, words[i + 1]);
      continue;
    }
    if (!onlyData && word === "--") onlyData = true;
    else parse.positional(word);
    i++;
  }
  const missing = parse.help ? [] : parse.missing();
  if (missing.length > 0) refuse(missing.join("\n"));
  const {found} = parse;
  const values = (name: string): readonly string[] => found.filter((one) => one.name === name).map(({value}) => value);
  return {has: (name) => values(name).length > 0, value: (name) => values(name)[0], values, help: parse.help};
}
