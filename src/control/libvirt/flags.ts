import {failArgument} from "../../domain/libvirt/error.ts";
import {Flags, type DomainState} from "../types.ts";

/** The flags of most calls. */
export const IMPACT = Flags.LIVE | Flags.CONFIG;

const prefixes: Readonly<Record<DomainState["driver"], string>> = {qemu: "qemu", test: "test", xen: "libxl", esx: "esx", lxc: "lxc"};

/**
 * Refuses flag bits that a driver's function does not know (virCheckFlags).
 * @param call the call's name without `virDomain`.
 * @throws LibvirtFailure INVALID_ARG, which names the function
 */
export function refuseFlags({driver}: DomainState, flags: number, known: number, call: string): void {
  const unknown = flags & ~known;
  if (unknown) failArgument(`unsupported flags (0x${unknown.toString(16)}) in function ${prefixes[driver]}Domain${call}`);
}
