import {calls, cells, type Cell} from "./matrix-data.ts";
import {answerTo} from "./matrix-run.ts";
import {messages, type Message} from "./reference-data.ts";
import type {StateName} from "./state-links.ts";
import {texts, type TextExample} from "./text-links.ts";

/** Where a message can be met: in a state of a page, in a cell of libvirt's matrix, in what is said of a text, or nowhere here, and then why. */
export type Meeting = {readonly kind: "state"; readonly state: StateName} | {readonly kind: "cell"; readonly cell: Cell} | {readonly kind: "text"; readonly example: TextExample} | {readonly kind: "none"; readonly why: string};

/** Messages that a run of the model ends in, by their ids; the test looks for the words in that run. */
const inStates: Readonly<Record<string, StateName>> = {
  "message-cannot-set-memory-higher-than-max-memory": "above-maximum",
  "message-unable-to-change-memory-of-active-domain-without-the": "no-device",
  "message-no-balloon-device-has-been-activated": "no-device",
  "message-out-of-puff-can-t-get-pages": "floor",
  "message-out-of-memory-killed-process": "killing",
  "message-kernel-panic-not-syncing-system-is-deadlocked-on-memory": "killing",
  "message-cannot-allocate-memory": "refused-request",
  "message-memory-dynamic-max-must-be-less-than-or-equal-to-memory": "xen-above-maximum",
  "message-memory-static-max-must-be-greater-than-or-or-equal-to": "xen-maximum-below-target",
  "message-over-allocation": "xen-guest-asks",
  "message-xen-balloon-waiting-for-initial-ballooning-down-having": "fv-waits",
  "message-initial-ballooning-failed": "fv-no-progress",
  "message-out-of-pod-memory": "fv-promise-broken",
  "message-memory-cgroup-out-of-memory-killed-process": "cap-kills",
  "message-invoked-oom-killer": "cap-kills"
};

/** Why no run of this site prints a message. */
const reasons: Readonly<Record<string, string>> = {
  "message-memory-must-not-be-zero": "libvirt refuses it before any driver is asked",
  "message-the-guest-hasn-t-updated-any-stats-yet": "it was read in the source; virsh 9.0.0 prints the lines it has instead",
  "message-memory-balloon-model-must-be-virtio-to-set-the": "no page has a balloon of another model under QEMU",
  "message-attaching-memory-device-with-size-would-exceed-domain-s": "no page plugs memory in",
  "message-target-domain-max-memory-does-not-match-source": "no page migrates a guest",
  "message-memory-cgroup-is-not-available-on-this-host": "it is about a start, and the pages begin with a running guest",
  "message-memory-must-be-less-than": "it takes a limit that no host has",
  "message-transient-domains-do-not-have-any-persistent-config": "every domain of the matrix is persistent",
  "message-flags-vir-domain-affect-live-and-vir-domain-affect": "virsh's commands of the matrix name one of the two",
  "message-unsupported-flags-0x-in-function": "virsh sends no such flags to these drivers",
  "message-read-only-access-prevents": "every connection of the matrix may write",
  "message-input-too-large": "it takes a size that no machine has",
  "message-result-too-large": "it takes a size that no machine has",
  "message-options-current-and-live-are-mutually-exclusive": "it is about the command line alone",
  "message-scaled-numeric-value-for-option-is-malformed-or-out-of": "it is about the command line alone",
  "message-command-setmem-requires-size-option": "it is about the command line alone",
  "message-failed-to-get-domain": "it is about a name that is not there",
  "message-failed-to-define-domain-from": "it stands before the message that says what is wrong",
  "message-xml-document-failed-to-validate-against-schema": "definitions are not held against libvirt’s schema here",
  "message-parameter-target-expects-a-size": "the pages take targets of at least 1 MiB",
  "message-using-kvm-without-synchronous-mmu-balloon-unavailable": "the host of the pages has a synchronous MMU",
  "message-only-one-balloon-device-is-supported": "the machines here have one",
  "message-backing-page-size": "the hosts here have pages of 4 KiB",
  "message-new-target-for-dom0-is-below-the-minimum-threshold": "no page runs dom0",
  "message-failed-to-free-memory-for-the-domain": "no page starts a domain from a full dom0",
  "message-invalid-domain-identifier": "it is about a name that is not there",
  "message-failed-to-balloon-domain0-memory": "no page starts a domain from a full dom0",
  "message-testdomainsetmemory": "it is the mock driver's of 4.10; the matrix runs 9.0.0"
};

/** The words of a message between what varies. */
export const fixedWords = (message: string): readonly string[] => message.split(/%(?:l*[sdu]|[dp]d?|Lu|lx)/).filter((part) => part.trim() !== "");

const says = (text: string, {message}: Message): boolean => fixedWords(message).every((part) => text.includes(part));

/** The cells, the plainest calls first. */
const plainest = [...cells].sort((a, b) => calls.findIndex(({id}) => id === a.call) - calls.findIndex(({id}) => id === b.call));

/** A cell whose command ends in the message, else one that names it for another case. */
function cellFor(message: Message): Cell | undefined {
  const printed = plainest.find((cell) => says(answerTo(cell).stderr, message));
  return printed ?? plainest.find(({others}) => others.some(({entry}) => entry === message.id));
}

/** Where the reader can meet a message. */
export function meetingOf(message: Message): Meeting {
  const state = inStates[message.id];
  if (state !== undefined) return {kind: "state", state};
  const example = texts[message.id];
  if (example !== undefined) return {kind: "text", example};
  const cell = cellFor(message);
  if (cell !== undefined) return {kind: "cell", cell};
  const why = reasons[message.id];
  if (why === undefined) throw new Error(`no place and no reason for ${message.id}`);
  return {kind: "none", why};
}

/** For the test: whatever is named here has a message. */
export const namedIds: readonly string[] = [...Object.keys(inStates), ...Object.keys(texts), ...Object.keys(reasons)];

/** Whether a text of the model is a message, whatever varies in it. */
export const isSaidIn = (text: string, id: string): boolean => messages.messages.some((message) => message.id === id && says(text, message));
