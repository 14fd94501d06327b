import {fail} from "../../domain/libvirt/error.ts";
import type {KiB} from "../../units.ts";
import type {DomainState} from "../types.ts";

/** Names of the typed parameters, as virDomainSetMemoryParameters takes them. */
export type ParameterName = "hard_limit" | "soft_limit" | "swap_hard_limit" | "min_guarantee";

/** What to set, or what is set, KiB; a name may stand only once. */
export type MemoryParameters = Readonly<Partial<Record<ParameterName, KiB>>>;

const limits = ["hard_limit", "soft_limit", "swap_hard_limit"] as const;

/** What a driver takes, in the order in which it reports them. */
export const parameterNames = ({driver}: Pick<DomainState, "driver">): readonly ParameterName[] => (driver === "esx" ? ["min_guarantee"] : limits);

/**
 * Refuses the first name, in alphabetical order, that the driver does not take (virTypedParamsValidate).
 * @throws LibvirtFailure ARGUMENT_UNSUPPORTED
 */
export function refuseUnknown(state: Pick<DomainState, "driver">, params: MemoryParameters): void {
  const known: readonly string[] = parameterNames(state);
  const unknown = Object.keys(params).sort().find((name) => !known.includes(name));
  if (unknown !== undefined) fail("VIR_ERR_ARGUMENT_UNSUPPORTED", `parameter '${unknown}' not supported`);
}
