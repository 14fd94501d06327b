import {view, type View} from "./view.ts";

/** xenstore's memory numbers of a domain, KiB. */
export interface XenstoreMemory {
  readonly target: number;
  readonly staticMax: number;
  readonly videoram: number;
}

/** `xenstore-ls /local/domain/N/memory`: keys in the order xenstore keeps them, values quoted. */
export const xenstoreMemory = ({target, staticMax, videoram}: XenstoreMemory): View =>
  view("xenstore-ls", "Xen 4.17", "tools/xenstore; keys and values of the recordings", [`static-max = "${staticMax}"`, `target = "${target}"`, `videoram = "${videoram}"`]);
