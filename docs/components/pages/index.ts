import {page as cgroups} from "./cgroups.tsx";
import {page as esx} from "./esx.tsx";
import {page as index} from "./index-page.tsx";
import {page as overcommit} from "./overcommit-built.ts";
import type {PageDef} from "./page.ts";
import {page as qemuKvm} from "./qemu-kvm.tsx";
import {page as thread} from "./thread.tsx";
import {page as together} from "./together.tsx";
import {page as xenFv} from "./xen-fv.tsx";
import {page as xenPv} from "./xen-pv.tsx";

/** Every page that has a model. The build renders them all; a browser loads only the one it shows. */
export const pages: readonly PageDef[] = [
  index as PageDef,
  qemuKvm as PageDef,
  xenPv as PageDef,
  xenFv as PageDef,
  esx as PageDef,
  cgroups as PageDef,
  together as PageDef,
  overcommit as PageDef,
  thread as PageDef
];

export const pageById = (id: string): PageDef | undefined => pages.find((page) => page.id === id);
