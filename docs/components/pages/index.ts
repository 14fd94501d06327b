import {page as index} from "./index-page.tsx";
import type {PageDef} from "./page.ts";
import {page as qemuKvm} from "./qemu-kvm.tsx";

/** Every page that has a model. The build renders them all; a browser loads only the one it shows. */
export const pages: readonly PageDef[] = [index as PageDef, qemuKvm as PageDef];

export const pageById = (id: string): PageDef | undefined => pages.find((page) => page.id === id);
