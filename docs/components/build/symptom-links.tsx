import type {VNode} from "preact";
import {hrefOf, states, type StateName} from "./state-links.ts";

type SymptomState = {readonly states: readonly StateName[]} | {readonly why: string};

/** What an operator sees, by the id of its heading on the page of symptoms: the states that show it, or why none does. */
export const symptomStates: Readonly<Record<string, SymptomState>> = {
  "setmem-says-ok-and-nothing-happens": {states: ["no-driver"]},
  "setmem-is-refused": {states: ["above-maximum", "no-device"]},
  "current-stops-above-the-target": {states: ["floor", "xen-gives-up"]},
  "current-stays-at-the-old-value-after-a-change": {states: ["on-its-way"]},
  "current-rises-above-the-target-by-itself": {states: ["grown-back"]},
  "dommemstat-shows-only-actual-and-rss": {states: ["driver-not-yet"]},
  "the-statistics-never-change": {why: "the pages show the statistics of this moment, or none"},
  "a-larger-setmaxmem-does-not-make-the-guest-larger": {states: ["larger-size-old-target"]},
  "memtotal-is-below-what-was-configured-right-after-boot": {states: ["after-boot"]},
  "free-shows-less-than-i-gave": {states: ["target-reached", "after-boot"]},
  "free-shows-the-same-total-although-the-host-took-memory": {states: ["total-stays"]},
  "memory-is-used-and-no-process-owns-it": {states: ["total-stays"]},
  "the-guest-became-tiny": {states: ["floor"]},
  "currentmemory-is-ignored-at-boot": {states: ["booting"]},
  "the-host-killed-the-vm": {why: "no page has a limit on the host yet"},
  "the-guest-kills-its-own-processes-after-setmem": {states: ["killing"]},
  "a-program-in-the-guest-cannot-allocate": {states: ["refused-request"]},
  "the-host-swaps-and-the-guest-is-slow-but-sees-no-reason": {states: ["host-swaps"]},
  "a-xen-guest-dies-while-it-boots": {why: "it is about an HVM or PVH guest, and the page is about PV"},
  "esx-balloons-or-swaps-on-an-idle-host": {why: "no page runs ESX yet"},
  "the-guest-freed-memory-and-the-host-still-holds-it": {states: ["freed-not-returned"]},
  "the-balloon-grew-and-the-host-gained-little": {states: ["untouched"]},
  "rss-is-larger-than-the-guest": {states: ["all-written"]},
  "i-raised-the-target-and-the-host-shows-no-more-use": {states: ["permission"]},
  "memtune-is-ignored": {why: "no page has a limit on the host yet"},
  "the-same-memtune-behaves-differently-on-a-new-host": {why: "no page has a limit on the host yet"},
  "min_guarantee-is-refused": {why: "a refusal is all there is: the matrix of libvirt's calls has it"}
};

/** Links that open the states of a symptom; of one without a state, why. */
export function SymptomLinks({name}: {readonly name: string}): VNode {
  const found = symptomStates[name];
  if (found === undefined) throw new Error(`no symptom: ${name}`);
  if ("why" in found) return <p class="open-state"><b>No run shows it:</b> {found.why}.</p>;
  return <p class="open-state"><b>Open it:</b> {found.states.map((state, i) => <>{i > 0 ? "; " : null}<StateLink name={state} /></>)}.</p>;
}

/** A link to a page in one of its states, in words. */
export const StateLink = ({name}: {readonly name: StateName}): VNode => <a href={hrefOf(name)}>{states[name].text}</a>;
