import {kib, mib, mibToKib} from "../../units.ts";
import type {XenHappening} from "../../simulation/xen/scenario.ts";
import type {RecordedStep} from "../types.ts";

/** What a recorded act is to the model. */
export type XenAct =
  /** The domain is built; it runs unless it is paused. */
  | {readonly kind: "create"; readonly paused: boolean; readonly file: string}
  | {readonly kind: "boot-dom0"}
  | {readonly kind: "unpause"}
  /** An xl command, which answers. */
  | {readonly kind: "xl"; readonly command: string}
  /** Something else that happens; `answers` as its shell would. */
  | {readonly kind: "event"; readonly event: XenHappening}
  | {readonly kind: "wait"}
  | {readonly kind: "unknown"};

const number = (pattern: RegExp, text: string): number | null => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
};

/** A process that writes memory: seconds it takes are of the machine, so the model takes one. */
const HOG_SECONDS = 1;

function guestAct(text: string): XenAct {
  const target = number(/echo\s+(\d+)\s*>\s*(?:\S*\/)?target_kb\b/, text);
  if (target !== null) return {kind: "event", event: {type: "guest-target", target: kib(target)}};
  const bytes = number(/echo\s+(\d+)\s*>\s*(?:\S*\/)?target\b/, text);
  if (bytes !== null) return {kind: "event", event: {type: "guest-target", target: kib(Math.floor(bytes / 1024))}};
  const hog = number(/^hog\s+(\d+)/, text);
  if (hog !== null) return {kind: "event", event: {type: "allocate", name: "hog", size: mibToKib(mib(hog)), rate: (hog * 1024) / HOG_SECONDS}};
  if (/^kill(all)?\b.*\bhog\b/.test(text)) return {kind: "event", event: {type: "free", name: "hog"}};
  if (/echo\s+online/.test(text)) return {kind: "event", event: {type: "online-memory"}};
  return {kind: "unknown"};
}

function xlAct(text: string): XenAct {
  const create = /^xl\s+create\s+(.*)$/.exec(text)?.[1]?.split(/\s+/);
  if (create) return {kind: "create", paused: create.includes("-p"), file: create.find((word) => !word.startsWith("-")) ?? ""};
  if (/^xl\s+unpause\b/.test(text)) return {kind: "unpause"};
  return {kind: "xl", command: text};
}

/** Reads a step's act. */
export function readXenAct({act}: RecordedStep): XenAct {
  const text = typeof act["text"] === "string" ? act["text"] : "";
  switch (act["tool"]) {
    case "xen":
      return {kind: "boot-dom0"};
    case "xl":
      return xlAct(text);
    case "guest":
    case "dom0 shell":
      return guestAct(text);
    case "wait":
      return {kind: "wait"};
    case "xenstore": {
      const target = number(/^xenstore-write\s+\S*memory\/target\s+(\d+)/, text);
      return target === null ? {kind: "unknown"} : {kind: "event", event: {type: "xenstore-target", target: kib(target)}};
    }
    default:
      return {kind: "unknown"};
  }
}

/** Whether the kernel writes to all of its map before its drivers start. */
export const testsMemory = (commandLine: string): boolean => /(^|\s)memtest=[1-9]/.test(commandLine);
