import {ModelError} from "../../errors.ts";

/** A command the model does not know enough about to answer: said aloud, never guessed. */
export function unsupported(command: string, expected: string): never {
  throw new ModelError(`unsupported command: ${command}`, {
    code: "unsupported-command",
    path: "command",
    expected,
    hint: "the model leaves this one out"
  });
}
