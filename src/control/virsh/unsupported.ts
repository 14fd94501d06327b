import {ModelError} from "../../errors.ts";
import type {DriverName} from "../types.ts";

/** A command the model does not know enough about to answer: said aloud, never guessed. */
export function unsupported(command: string, expected: string): never {
  throw new ModelError(`unsupported command: ${command}`, {
    code: "unsupported-command",
    path: "command",
    expected,
    hint: "the model leaves this one out"
  });
}

/** Narrows to the drivers of which more than the memory calls was read. */
export function requireReadDriver(driver: DriverName, command: string): asserts driver is Exclude<DriverName, "esx" | "lxc"> {
  if (driver === "esx" || driver === "lxc") unsupported(`${command} on ${driver}`, "qemu, test or xen");
}
