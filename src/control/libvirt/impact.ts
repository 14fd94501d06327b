import {fail, failArgument} from "../../domain/libvirt/error.ts";
import type {DomainDef} from "../../domain/libvirt/domain-def.ts";
import {Flags, type DomainState} from "../types.ts";

/** Which definitions a call is about; at least one is set. */
export interface Addressed {
  readonly live: DomainDef | null;
  readonly config: DomainDef | null;
}

const isActive = (state: DomainState): boolean => state.id !== null;

/**
 * Settles "current" and refuses what cannot be.
 * @throws LibvirtFailure OPERATION_INVALID
 * Source: libvirt 9.0.0 src/conf/domain_conf.c virDomainObjUpdateModificationImpact.
 */
function settleImpact(state: DomainState, flags: number): number {
  const active = isActive(state);
  const named = flags & (Flags.LIVE | Flags.CONFIG);
  const impact = named === Flags.CURRENT ? (active ? Flags.LIVE : Flags.CONFIG) : named;
  if (!active && impact & Flags.LIVE) fail("VIR_ERR_OPERATION_INVALID", "domain is not running");
  if (!state.persistent && impact & Flags.CONFIG) fail("VIR_ERR_OPERATION_INVALID", "transient domains do not have any persistent config");
  return impact;
}

/** The live definition, the stored one or both, as the flags ask (virDomainObjGetDefs). */
export function addressedDefs(state: DomainState, flags: number): Addressed {
  const impact = settleImpact(state, flags);
  if (!isActive(state)) return {live: null, config: state.def};
  return {live: impact & Flags.LIVE ? state.def : null, config: impact & Flags.CONFIG ? state.next : null};
}

/** Refuses flags that ask for both definitions, where a call can be about one only. */
export function refuseBoth(flags: number): void {
  if (flags & Flags.LIVE && flags & Flags.CONFIG) {
    failArgument("Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive");
  }
}

/** Exactly one definition (virDomainObjGetOneDefState): drivers that keep no process want it so. */
export function addressedDef(state: DomainState, flags: number): {readonly def: DomainDef; readonly live: boolean} {
  refuseBoth(flags);
  const live = (settleImpact(state, flags) & Flags.LIVE) !== 0;
  return {def: live || state.next === null ? state.def : state.next, live};
}

/** The state with those definitions in place of the addressed ones. */
export function replaceDefs(state: DomainState, {live, config}: Addressed): DomainState {
  if (!isActive(state)) return {...state, def: config ?? state.def};
  return {...state, def: live ?? state.def, next: config ?? state.next};
}
