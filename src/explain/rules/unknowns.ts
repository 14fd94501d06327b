import type {Mentioned} from "../../domain/formats/reading.ts";
import type {LayerName, Subject, Unknown} from "../types.ts";

interface Gap {
  readonly what: string;
  readonly why: string;
  readonly layers: readonly LayerName[];
}

const GAPS: Partial<Record<Mentioned, Gap>> = {
  hugepages: {what: "huge pages", why: "backing in large pages is not modelled: it comes in larger steps, and often all at once", layers: ["backing"]},
  locked: {what: "locked memory", why: "backing is the whole machine from the start; reclaim and swap do not apply", layers: ["backing"]},
  vfio: {what: "assigned devices", why: "all guest memory is pinned for the device; a balloon gives nothing back", layers: ["current", "backing"]},
  confidential: {what: "confidential guest (SEV, TDX and the like)", why: "private memory is backed and given back by other rules", layers: ["current", "backing"]},
  efi: {what: "UEFI firmware", why: "what it keeps for itself is known for some builds only", layers: ["configured", "current"]},
  windows: {what: "Windows guest", why: "what it counts, and how it gives memory up, is not modelled", layers: ["current", "backing"]},
  immediate: {what: "memory allocated at start", why: "backing is the whole machine from the start", layers: ["backing"]},
  shared: {what: "shared memory backing", why: "another process may hold the same pages", layers: ["backing"]},
  discard: {what: "discard of the backing file", why: "what is kept in the file is not modelled", layers: ["backing"]},
  "strict-nodes": {what: "bound to host nodes", why: "a node may run out while the host has memory free", layers: ["backing"]},
  "extra-arguments": {what: "arguments passed to QEMU directly", why: "libvirt does not look at them, and neither does this page", layers: ["configured", "target", "current", "backing"]},
  stubdomain: {what: "device model in a domain of its own", why: "its memory is on top", layers: ["backing"]},
  "host-map": {what: "the host's memory map in the guest", why: "where memory begins and ends then depends on the host", layers: ["configured"]},
  shadow: {what: "shadow memory", why: "it is on top of the guest's", layers: ["backing"]},
  video: {what: "video memory", why: "it is taken from or added to the guest's by rules that are not followed here", layers: ["current", "backing"]},
  "other-file": {what: "options in another file", why: "that file is not here", layers: ["configured", "target", "current", "backing"]}
};

const MODELS: Readonly<Record<string, Gap>> = {
  "virtio-mem": {what: "virtio-mem", why: "what the guest has plugged in of it is not modelled", layers: ["current", "backing"]},
  "virtio-pmem": {what: "virtio-pmem", why: "it is a file of the host, not memory of the guest", layers: ["configured", "backing"]},
  nvdimm: {what: "NVDIMM", why: "it is a file of the host; whether the guest uses it as memory is its own choice", layers: ["configured", "backing"]},
  "sgx-epc": {what: "SGX enclave memory", why: "it comes from memory the processor keeps apart", layers: ["backing"]}
};

const X86 = new Set(["x86_64", "i686", "i386"]);

/** Everything about a configuration that the model does not know, once each. */
export function unknowns({reading: {mentions}, def}: Subject): readonly Unknown[] {
  const found = new Map<string, Unknown>();
  const put = (gap: Gap | undefined): void => {
    if (gap) found.set(gap.what, gap);
  };
  for (const {what} of mentions) put(GAPS[what]);
  for (const {model} of def.devices) put(MODELS[model]);
  if (!X86.has(def.arch)) put({what: `architecture ${def.arch.slice(0, 20)}`, why: "maps, reservations and page sizes are those of x86", layers: ["configured", "current", "backing"]});
  return [...found.values()];
}
