import {readFileSync} from "node:fs";
import {check} from "./check.ts";
import {explainCommand, UsageError} from "./explain.ts";
import {EXIT, type Io} from "./io.ts";
import {simulate, type SimulateFormat} from "./simulate.ts";

const USAGE = `usage: setmem check RECORDING.json... [--json]
       setmem simulate SCENARIO.json [--json|--csv]
       setmem explain FILE... [--json] [--to libvirt|xl|vmx|qemu] [--from FORMAT]
                      [--fail-on error|warning|note]

check     replays a recording's own setup and acts and prints every field predicted,
          recorded and its error, and the fields it cannot predict
          exit 0: all within their bars; 1: not all, or none; 2: a file was unreadable
simulate  runs a scenario; all sizes in and out are KiB
          exit 0; 2: the scenario was unreadable
explain   reads a libvirt domain XML, an xl.cfg, a .vmx, a QEMU command line, or what virsh
          dommemstat, dominfo, free, xl list, /proc/meminfo or cgroup files say, and tells
          what its memory numbers mean; --to writes another format, and what it loses to
          standard error; - is standard input
          exit 0: nothing at or above --fail-on (warning); 1: findings; 2: unreadable`;

/** The files and folders of this machine, and its terminal. */
export const nodeIo: Io = {
  read: (path) => readFileSync(path, "utf8"),
  readBytes: (path) => readFileSync(path === "-" ? 0 : path),
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

function runExplain(args: readonly string[], io: Io): number {
  try {
    return explainCommand(args, io);
  } catch (error) {
    if (error instanceof UsageError) return usage(io, error.message);
    throw error;
  }
}

/** Runs one command line (without the interpreter and script); returns the exit code. */
export function main(args: readonly string[], io: Io = nodeIo): number {
  const [name = "", ...rest] = args;
  if (["--help", "-h", "help"].includes(name)) {
    io.out(USAGE);
    return EXIT.ok;
  }
  if (name === "explain") return runExplain(rest, io);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return usage(io, name === "" ? "no command" : `unknown command: ${name}`);
  const flags = rest.filter((word) => word.startsWith("-"));
  const unknown = flags.find((flag) => !command.flags.includes(flag));
  if (unknown !== undefined) return usage(io, `unknown option: ${unknown}`);
  return command.run(rest.filter((word) => !word.startsWith("-")), flags, io);
}
