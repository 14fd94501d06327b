import {parseUint32} from "./c-integer.ts";
import type {BalloonModel, DomainDef} from "./domain-def.ts";
import {fail} from "./error.ts";
import {parseMemory, parseMemoryLimit} from "./memory-text.ts";
import {parseBalloon, parseMemoryDevice} from "./parse-devices.ts";
import {parseNuma} from "./parse-numa.ts";
import type {DomainSpec} from "./spec.ts";

function parseSlots(text: string | null | undefined): number {
  if (text === null || text === undefined || text === "") return 0;
  return parseUint32(text) ?? fail("VIR_ERR_XML_ERROR", "Failed to parse memory slot count");
}

/**
 * The first half of what libvirt does to a domain's XML: every field on its
 * own, in libvirt's order, which decides which of several mistakes is reported.
 * `total` and `current` may still be 0 or disagree; post-parse settles that.
 * @throws LibvirtFailure
 * Source: libvirt 9.0.0 src/conf/domain_conf.c virDomainDefParseXML, virDomainDefParseMemory, virDomainDefTunablesParse.
 */
export function parseDomain(spec: DomainSpec, balloonFallback: BalloonModel): DomainDef {
  const total = parseMemory("./memory[1]", spec.memory);
  const current = parseMemory("./currentMemory[1]", spec.currentMemory);
  const max = parseMemory("./maxMemory[1]", spec.maxMemory);
  const slots = parseSlots(spec.maxMemory?.slots);
  const hard = parseMemoryLimit("./memtune/hard_limit[1]", spec.hardLimit);
  const soft = parseMemoryLimit("./memtune/soft_limit[1]", spec.softLimit);
  const minGuarantee = parseMemory("./memtune/min_guarantee[1]", spec.minGuarantee);
  const swapHard = parseMemoryLimit("./memtune/swap_hard_limit[1]", spec.swapHardLimit);
  const vcpus = spec.vcpus ?? 1;
  const cells = parseNuma(spec.numa, vcpus);
  const balloon = parseBalloon(spec.balloons, balloonFallback);
  return {
    name: spec.name ?? "",
    type: spec.type ?? "qemu",
    arch: spec.arch ?? "x86_64",
    vcpus,
    total,
    current,
    max,
    slots,
    limits: {hard, soft, swapHard, minGuarantee},
    cells,
    devices: (spec.memoryDevices ?? []).map(parseMemoryDevice),
    balloon
  };
}
