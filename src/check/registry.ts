import {replayBoot} from "./replay-boot.ts";
import {replayCgroupProcess} from "./replay-cgroup-process.ts";
import {replayCgroupVm} from "./replay-cgroup-vm.ts";
import {replayEmulated} from "./replay-emulated.ts";
import {replayLibvirt} from "./replay-libvirt.ts";
import {replayLibvirtDefine} from "./replay-libvirt-define.ts";
import {replayLibvirtNative} from "./replay-libvirt-native.ts";
import {replayPublished} from "./replay-published.ts";
import {replayQemu} from "./replay-qemu.ts";
import {replayXen} from "./replay-xen.ts";
import {replayXenLibvirt} from "./replay-xen-libvirt.ts";
import type {Replayer} from "./types.ts";

/**
 * Every replayer there is, in the order they run. A recording is given to each
 * that accepts it; a later one may not report a path that an earlier one has.
 */
export const replayers: readonly Replayer[] = [replayBoot, replayQemu, replayLibvirtDefine, replayLibvirtNative, replayLibvirt, replayXen, replayXenLibvirt, replayCgroupVm, replayCgroupProcess, replayEmulated, replayPublished];
