import type {BalloonRegisters} from "../../domain/backing.ts";
import {KIB_PER_PAGE, kib, pages, type KiB, type Pages} from "../../units.ts";

/**
 * QEMU's virtio-balloon device as the monitor sees it (hw/virtio/virtio-balloon.c
 * virtio_balloon_to_target, virtio_balloon_stat; softmmu/balloon.c qmp_balloon;
 * read at d1c81c349641, 2021; the messages were recorded on 7.2.22).
 */

/** QMP's answer where the device is missing: class DeviceNotActive. */
export const NO_DEVICE = "No balloon device has been activated";
/** QMP's answer to a target of 0 or less: class GenericError. */
export const NOT_A_SIZE = "Parameter 'target' expects a size";

/**
 * The balloon size a target asks for: the part of memory above it in whole pages,
 * rounded down, so that `actual` is never below the target. A target above memory
 * means no balloon.
 * @param target KiB, above 0; may be fractional, as QMP counts bytes.
 */
export function wantedPages(memory: KiB, target: KiB): Pages {
  return pages(Math.floor(Math.max(0, memory - target) / KIB_PER_PAGE));
}

/**
 * QMP `balloon`: always accepted for a positive target, whether or not a driver listens.
 * @returns false for a target of 0 or less, which QEMU refuses.
 */
export function requestTarget(registers: BalloonRegisters, memory: KiB, target: KiB): boolean {
  if (target <= 0) return false;
  registers.wanted = wantedPages(memory, target);
  registers.requests++;
  return true;
}

/** QMP `query-balloon`: memory less what the driver says it holds. */
export const actualMemory = (registers: BalloonRegisters, memory: KiB): KiB => kib(memory - registers.given * KIB_PER_PAGE);
