import type {SceneSet} from "../case/scenes.ts";
import {scenes as cgroups} from "./cgroups-scenes.ts";
import {scenes as qemuKvm} from "./qemu-kvm-scenes.ts";
import {scenes as xenFv} from "./xen-fv-scenes.ts";
import {scenes as xenPv} from "./xen-pv-scenes.ts";

/** The cases of every page that has some, by the page's id; the build draws them. */
export const scenesOf: Readonly<Record<string, SceneSet>> = {cgroups, "qemu-kvm": qemuKvm, "xen-fv": xenFv, "xen-pv": xenPv};
