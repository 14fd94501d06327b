import type {XlDomain} from "../control/libxl/types.ts";
import {listText} from "../control/xl/list.ts";
import {view, type View} from "./view.ts";

/** `xl list`: Mem is what a domain owns now, whole MiB, not what it was configured with. */
export const xlList = (domains: readonly XlDomain[]): View => view("xl list", "Xen 4.17", "tools/xl/xl_info.c; column Mem of the recordings", listText(domains).split("\n"));
