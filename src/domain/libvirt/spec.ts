/**
 * A domain's memory as an administrator writes it: texts and units, nothing
 * understood yet. An absent element and an element with no text are the same to
 * libvirt (`virXPathString` of 9.0.0 returns nothing for either).
 */
export interface ScaledText {
  /** Element text or attribute value, exactly as written. */
  readonly text: string;
  /** The unit attribute, or null for none. */
  readonly unit: string | null;
}

export interface NumaCellSpec {
  readonly id?: string | null;
  readonly cpus?: string | null;
  readonly memory?: ScaledText | null;
}

export interface MemoryDeviceSpec {
  readonly model: string;
  readonly size?: ScaledText | null;
  readonly node?: string | null;
  /** virtio-mem only. */
  readonly block?: ScaledText | null;
  /** virtio-mem only. */
  readonly requested?: ScaledText | null;
  /** nvdimm only: the part of its size that holds labels and is not seen as memory. */
  readonly label?: ScaledText | null;
}

export interface BalloonSpec {
  readonly model?: string | null;
  readonly autodeflate?: string | null;
  readonly freePageReporting?: string | null;
  /** `<stats period=>`, seconds. */
  readonly period?: string | null;
}

/** Every field of a domain's XML that decides a memory number. Unset: not in the XML. */
export interface DomainSpec {
  readonly name?: string;
  /** Unset: libvirt makes one up, and so refuses to put the domain in place of one with that name. */
  readonly uuid?: string;
  /** The domain's type attribute: `qemu`, `kvm`, `test`, `xen`. */
  readonly type?: string;
  /** Only 64-bit PowerPC differs: its sizes are aligned to 256 MiB. */
  readonly arch?: string;
  readonly vcpus?: number;
  readonly memory?: ScaledText | null;
  readonly currentMemory?: ScaledText | null;
  readonly maxMemory?: (ScaledText & {readonly slots: string | null}) | null;
  readonly hardLimit?: ScaledText | null;
  readonly softLimit?: ScaledText | null;
  readonly minGuarantee?: ScaledText | null;
  readonly swapHardLimit?: ScaledText | null;
  /** Cells of `<cpu><numa>`; null when there is no such element. */
  readonly numa?: readonly NumaCellSpec[] | null;
  /** All `<memballoon>` elements. */
  readonly balloons?: readonly BalloonSpec[];
  readonly memoryDevices?: readonly MemoryDeviceSpec[];
}
