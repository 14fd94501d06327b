/**
 * libvirt's errors: a code, and the message a client prints. Most messages
 * begin with a text that belongs to the code (`virErrorMsgStrings`); argument
 * checks of the public API are raised without it.
 * Source: libvirt 9.0.0, src/util/virerror.c and virerror.h; recorded in libvirt-*.json.
 */
export type LibvirtErrorCode = keyof typeof prefixes;

const prefixes = {
  VIR_ERR_INTERNAL_ERROR: "internal error: ",
  VIR_ERR_NO_SUPPORT: "this function is not supported by the connection driver: ",
  VIR_ERR_INVALID_ARG: "invalid argument: ",
  VIR_ERR_OPERATION_FAILED: "operation failed: ",
  VIR_ERR_XML_ERROR: "XML error: ",
  VIR_ERR_OPERATION_DENIED: "operation forbidden: ",
  VIR_ERR_XML_DETAIL: "",
  VIR_ERR_SYSTEM_ERROR: "",
  VIR_ERR_NO_DOMAIN: "Domain not found: ",
  VIR_ERR_OPERATION_INVALID: "Requested operation is not valid: ",
  VIR_ERR_CONFIG_UNSUPPORTED: "unsupported configuration: ",
  VIR_ERR_ARGUMENT_UNSUPPORTED: "argument unsupported: ",
  VIR_ERR_OVERFLOW: "numerical overflow: ",
  VIR_ERR_OPERATION_UNSUPPORTED: "Operation not supported: ",
  VIR_ERR_XML_INVALID_SCHEMA: "XML document failed to validate against schema: "
} as const;

export interface LibvirtError {
  readonly code: LibvirtErrorCode;
  /** As a client shows it, without "error: ". */
  readonly message: string;
}

/** Raised inside the rules and caught at the edge of a call; never leaves `control`. */
export class LibvirtFailure extends Error implements LibvirtError {
  readonly code: LibvirtErrorCode;

  constructor(code: LibvirtErrorCode, message: string) {
    super(message);
    this.name = "LibvirtFailure";
    this.code = code;
  }
}

/** Raises an error the usual way: the code's own text before `detail`. */
export function fail(code: LibvirtErrorCode, detail: string): never {
  throw new LibvirtFailure(code, prefixes[code] + detail);
}

/** Raises VIR_ERR_INVALID_ARG as the API's argument checks do: `message` alone. */
export function failArgument(message: string): never {
  throw new LibvirtFailure("VIR_ERR_INVALID_ARG", message);
}

/** What a call of libvirt comes back with. */
export type Outcome<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly error: LibvirtError};

/** Runs a rule; an error it raises becomes part of the outcome, anything else is a bug and passes. */
export function attempt<T>(rule: () => T): Outcome<T> {
  try {
    return {ok: true, value: rule()};
  } catch (thrown) {
    if (!(thrown instanceof LibvirtFailure)) throw thrown;
    return {ok: false, error: {code: thrown.code, message: thrown.message}};
  }
}
