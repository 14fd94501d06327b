import {UNLIMITED, type DomainDef} from "../libvirt/domain-def.ts";
import type {KiB} from "../../units.ts";

const sized = (name: string, size: KiB): string => `<${name} unit='KiB'>${size}</${name}>`;

function memtuneLines({limits: {hard, soft, swapHard, minGuarantee}}: DomainDef): readonly string[] {
  const inside = [
    ...(hard < UNLIMITED ? [sized("hard_limit", hard)] : []),
    ...(soft < UNLIMITED ? [sized("soft_limit", soft)] : []),
    ...(minGuarantee > 0 ? [sized("min_guarantee", minGuarantee)] : []),
    ...(swapHard < UNLIMITED ? [sized("swap_hard_limit", swapHard)] : [])
  ];
  return inside.length === 0 ? [] : ["<memtune>", ...inside.map((one) => `  ${one}`), "</memtune>"];
}

/**
 * The lines about memory that libvirt writes under `<domain>`, in its order and
 * always in KiB, without indentation.
 * Source: libvirt 9.0.0 src/conf/domain_conf.c virDomainDefFormatInternalSetRootName, virDomainMemtuneFormat.
 */
export function memoryLines(def: DomainDef): readonly string[] {
  const max = def.max > 0 ? [`<maxMemory${def.slots > 0 ? ` slots='${def.slots}'` : ""} unit='KiB'>${def.max}</maxMemory>`] : [];
  return [...max, sized("memory", def.total), sized("currentMemory", def.current), ...memtuneLines(def)];
}
