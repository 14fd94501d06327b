import {describe, expect, test} from "vitest";
import {readAct, type Act} from "../../../src/check/qemu/acts.ts";
import type {JsonObject} from "../../../src/check/types.ts";

const read = (act: JsonObject): Act => readAct({path: "steps[0]", act, tSeconds: null, after: {}, raw: {}});
const shell = (text: string): Act => read({tool: "guest shell", text});

describe("acts that are understood", () => {
  test.each<[JsonObject, Act]>([
    [{tool: "qemu", text: "start QEMU, boot the guest to its shell; virtio_balloon not loaded"}, {kind: "start"}],
    [{tool: "qmp", json: {execute: "query-balloon"}}, {kind: "qmp", execute: "query-balloon", arguments: {}}],
    [{tool: "qmp", json: {execute: "balloon", arguments: {value: 5}}}, {kind: "qmp", execute: "balloon", arguments: {value: 5}}],
    [{tool: "qmp", json: {execute: "balloon", arguments: [5]}}, {kind: "qmp", execute: "balloon", arguments: {}}],
    [{tool: "guest process", text: "hog", memoryMiB: 1000, stepMiB: 50, pauseMs: 20, holdSeconds: 2}, {kind: "hog", memoryMiB: 1000, holdSeconds: 2}],
    [{tool: "guest process", text: "hog", memoryMiB: 7}, {kind: "hog", memoryMiB: 7, holdSeconds: 0}],
    [{tool: "none", text: "wait 5 s"}, {kind: "wait"}],
    [{tool: "none"}, {kind: "wait"}],
    [{tool: "none", text: "3 s after the hog exited"}, {kind: "wait"}],
    [{tool: "none", text: "guest panicked; QEMU ended because of panic=-1 and -no-reboot"}, {kind: "ended"}]
  ])("%j", (act, expected) => {
    expect(read(act)).toEqual(expected);
  });
});

describe("shell commands", () => {
  test.each<[string, Act]>([
    ["insmod virtio_ring virtio virtio_pci virtio_balloon", {kind: "load", modules: true}],
    ["  modprobe virtio_balloon", {kind: "load", modules: true}],
    ["insmod virtio_net", {kind: "load", modules: false}],
    ["rmmod virtio_balloon", {kind: "unload", modules: true}],
    ["vm.overcommit_memory = 1", {kind: "sysctl", settings: {overcommit_memory: 1}}],
    ["vm.compact_memory = 1; vm.drop_caches = 3", {kind: "sysctl", settings: {compact_memory: 1, drop_caches: 3}}],
    ["sysctl -w vm.swappiness=10", {kind: "sysctl", settings: {swappiness: 10}}],
    ["sysctl vm.swappiness=10 && vm.x=2", {kind: "sysctl", settings: {swappiness: 10, x: 2}}],
    ["echo 3 > /proc/sys/vm/drop_caches", {kind: "sysctl", settings: {drop_caches: 3}}],
    ["sleep 5", {kind: "wait"}],
    ["rm mnt/x", {kind: "remove-files"}],
    ["umount mnt", {kind: "remove-files"}],
    ["mount -t tmpfs -o size=900m t mnt; dd if=/dev/zero of=mnt/x bs=1M count=800", {kind: "fill", limitKiB: 921600, blockKiB: 1024, count: 800}],
    ["mount -t tmpfs -o mode=700,size=1G t mnt && dd of=mnt/x count=2 bs=4k if=/dev/urandom", {kind: "fill", limitKiB: 1048576, blockKiB: 4, count: 2}],
    ["dd if=/dev/zero of=/x bs=4096 count=10", {kind: "fill", limitKiB: Infinity, blockKiB: 4, count: 10}]
  ])("%s", (text, expected) => {
    expect(shell(text)).toEqual(expected);
  });

  test.each(["ls /proc", "vm.swappiness = high", "vm.swappiness = 1; reboot", "dd if=/dev/sda bs=1M count=1", "sleep 5 and more", "", "swappiness = 1"])("%s is not understood", (text) => {
    expect(shell(text)).toEqual({kind: "unknown", reason: "a shell command the replay does not understand"});
  });

  test.each(["dd if=/dev/zero of=x bs=1Q count=1", "mount -t tmpfs -o size=50% t m; dd if=/dev/zero of=m/x bs=1M count=1x0 count=1", "mount -t tmpfs -o size=big t m; dd if=/dev/zero of=m/x bs=1M count=1"])("%s has a size that is not", (text) => {
    expect(shell(text).kind).not.toBe("sysctl");
  });

  test("a size that is not understood says so", () => {
    expect(shell("dd if=/dev/zero of=x bs=1Q count=1")).toEqual({kind: "unknown", reason: "a dd or tmpfs size that is not understood"});
    expect(shell("mount -t tmpfs -o size=big t m; dd if=/dev/zero of=m/x bs=1M count=1")).toEqual({kind: "unknown", reason: "a dd or tmpfs size that is not understood"});
  });
});

describe("acts that are not", () => {
  test.each<[JsonObject, string]>([
    [{tool: "qemu", text: "stop"}, "an act on QEMU that the replay does not understand"],
    [{tool: "qemu"}, "an act on QEMU that the replay does not understand"],
    [{tool: "qmp"}, "a QMP message without a command"],
    [{tool: "qmp", json: {execute: 5}}, "a QMP message without a command"],
    [{tool: "guest process", text: "hog"}, "a guest process without a memory size"],
    [{tool: "host shell", text: "ls"}, "the tool host shell is not replayed"],
    [{}, "the tool (none) is not replayed"]
  ])("%j: %s", (act, reason) => {
    expect(read(act)).toEqual({kind: "unknown", reason});
  });
});
