import {readFileSync} from "node:fs";
import {check} from "./check.ts";
import {EXIT, type Io} from "./io.ts";
import {simulate, type SimulateFormat} from "./simulate.ts";

const USAGE = `usage: setmem check RECORDING.json... [--json]
       setmem simulate SCENARIO.json [--json|--csv]

check     replays a recording's own setup and acts and prints every field predicted,
          recorded and its error, and the fields it cannot predict
          exit 0: all within their bars; 1: not all, or none; 2: a file was unreadable
simulate  runs a scenario; all sizes in and out are KiB
          exit 0; 2: the scenario was unreadable`;

/** The files and folders of this machine, and its terminal. */
export const nodeIo: Io = {
  read: (path) => readFileSync(path, "utf8"),
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`)
};

function usage(io: Io, problem: string): number {
  io.err(`${problem}\n${USAGE}`);
  return EXIT.unreadable;
}

function runSimulate(files: readonly string[], flags: readonly string[], io: Io): number {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) return usage(io, "simulate takes one scenario");
  if (flags.length > 1) return usage(io, "choose one of --json and --csv");
  const format: SimulateFormat = flags[0] === "--json" ? "json" : flags[0] === "--csv" ? "csv" : "text";
  return simulate(file, format, io);
}

const commands: Readonly<Record<string, {readonly flags: readonly string[]; readonly run: (files: readonly string[], flags: readonly string[], io: Io) => number}>> = {
  check: {
    flags: ["--json"],
    run: (files, flags, io) => (files.length === 0 ? usage(io, "check takes at least one recording") : check(files, flags.includes("--json"), io))
  },
  simulate: {flags: ["--json", "--csv"], run: runSimulate}
};

/** Runs one command line (without the interpreter and script); returns the exit code. */
export function main(args: readonly string[], io: Io = nodeIo): number {
  const [name = "", ...rest] = args;
  if (["--help", "-h", "help"].includes(name)) {
    io.out(USAGE);
    return EXIT.ok;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return usage(io, name === "" ? "no command" : `unknown command: ${name}`);
  const flags = rest.filter((word) => word.startsWith("-"));
  const unknown = flags.find((flag) => !command.flags.includes(flag));
  if (unknown !== undefined) return usage(io, `unknown option: ${unknown}`);
  return command.run(rest.filter((word) => !word.startsWith("-")), flags, io);
}
