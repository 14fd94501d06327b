import {deflateRawSync} from "node:zlib";
import {toBase64Url} from "../state/base64url.ts";

/** Where a text opens on the page `explain`: what its own "Copy link" makes, at build time. */
export const explainHref = (text: string): string => `explain.html#x=${toBase64Url(new Uint8Array(deflateRawSync(text)))}`;

const domain = (type: string, body: string): string => `<domain type='${type}'>\n  <name>guest</name>\n${body.trim().replaceAll(/^/gm, "  ")}\n  <os><type arch='x86_64'>hvm</type></os>\n</domain>\n`;
const MEMORY = "<memory unit='MiB'>1024</memory>";
const kvm = (body: string): string => domain("kvm", body);
const balloon = (attributes: string, inside = ""): string => kvm(`${MEMORY}\n<devices>\n  <memballoon${attributes}>${inside}</memballoon>\n</devices>`);
const NUMA = "<vcpu>2</vcpu>\n<cpu><numa><cell id='0' cpus='0-1' memory='1' unit='GiB'/></numa></cpu>";
const virtioMem = (block: number, requested: number): string =>
  kvm(`<maxMemory slots='4' unit='GiB'>8</maxMemory>
<memory unit='GiB'>2</memory>
${NUMA}
<devices>
  <memory model='virtio-mem'>
    <target>
      <size unit='GiB'>1</size>
      <node>0</node>
      <block unit='KiB'>${block}</block>
      <requested unit='KiB'>${requested}</requested>
    </target>
  </memory>
</devices>`);

/** A text, and what libvirt 9.0.0 or this site says of it where that is no longer the message itself. */
export interface TextExample {
  readonly text: string;
  readonly instead?: string;
}

/** Configurations that end in a message, by its id; the test reads the message in what is said of them, or what is said instead. */
export const texts: Readonly<Record<string, TextExample>> = {
  "message-memory-size-must-be-specified-via-memory-or-in-the-numa": {text: kvm("<memory unit='MiB'>0</memory>")},
  "message-total-size-of-memory-devices-exceeds-the-total-memory": {text: kvm(`<maxMemory slots='4' unit='GiB'>8</maxMemory>\n${MEMORY}\n<devices>\n  <memory model='dimm'><target><size unit='GiB'>2</size><node>0</node></target></memory>\n</devices>`)},
  "message-both-maximum-memory-size-and-memory-slot-count-must-be": {text: kvm(`<maxMemory slots='4' unit='GiB'>0</maxMemory>\n${MEMORY}`), instead: "maximum memory size must be specified when specifying number of memory slots"},
  "message-maximum-memory-size-must-be-equal-or-greater-than-the": {text: kvm(`<maxMemory slots='4' unit='MiB'>512</maxMemory>\n${MEMORY}`)},
  "message-at-least-one-numa-node-has-to-be-configured-when": {text: kvm(`<maxMemory slots='4' unit='GiB'>8</maxMemory>\n${MEMORY}`)},
  "message-unknown-suffix": {text: kvm("<memory unit='gigs'>1</memory>")},
  "message-value-too-large": {text: kvm("<memory unit='EiB'>999</memory>")},
  "message-size-value-too-large": {text: kvm("<memory unit='b'>9223372036854775807</memory>")},
  "message-invalid-value-for-element-or-attribute": {text: kvm("<memory unit='GiB'>1.5</memory>")},
  "message-missing-element-or-attribute": {text: kvm(`<maxMemory slots='4' unit='GiB'>8</maxMemory>\n${MEMORY}\n${NUMA}\n<devices>\n  <memory model='dimm'><target><node>0</node></target></memory>\n</devices>`)},
  "message-current-memory-exceeds-maximum": {text: kvm(`${MEMORY}\n<currentMemory unit='MiB'>2048</currentMemory>`), instead: "which is above memory"},
  "message-balloon-memory-must-contain-model-name": {text: balloon(""), instead: "Missing required attribute 'model' in element 'memballoon'"},
  "message-unknown-memory-balloon-model": {text: balloon(" model='hyperv'"), instead: "Invalid value for attribute 'model' in element 'memballoon'"},
  "message-invalid-autodeflate-attribute-value": {text: balloon(" model='virtio' autodeflate='yes'"), instead: "Invalid value for attribute 'autodeflate' in element 'memballoon'"},
  "message-invalid-statistics-collection-period": {text: balloon(" model='virtio'", "<stats period='often'/>"), instead: "Invalid value for attribute 'period' in element 'stats'"},
  "message-block-size-must-be-a-power-of-two": {text: virtioMem(3072, 3072)},
  "message-block-size-too-small-must-be-at-least": {text: virtioMem(1024, 1024)},
  "message-requested-size-must-be-an-integer-multiple-of-block-size": {text: virtioMem(2048, 3072)},
  "message-initial-memory-size-overflowed-after-alignment": {text: kvm("<memory unit='KiB'>9007199254740990</memory>")},
  "message-parameter-min-guarantee-not-supported-by-qemu": {text: kvm(`${MEMORY}\n<memtune>\n  <min_guarantee unit='MiB'>256</min_guarantee>\n</memtune>`)},
  "message-balloon-device-cannot-be-disabled": {text: domain("xen", `${MEMORY}\n<devices>\n  <memballoon model='none'/>\n</devices>`)},
  "message-unsupported-balloon-device-model": {text: domain("xen", `${MEMORY}\n<devices>\n  <memballoon model='virtio'/>\n</devices>`)},
  "message-config-entry-must-represent-an-integer-value": {text: 'config.version = "8"\ndisplayName = "guest"\nmemSize = "1 GB"\n'},
  "message-expecting-vmx-entry-memsize-to-be-an-unsigned-integer": {text: 'config.version = "8"\ndisplayName = "guest"\nmemSize = "1023"\n'}
};
