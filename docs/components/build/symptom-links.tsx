import type {VNode} from "preact";
import {calls, cells} from "./matrix-data.ts";
import {hrefOf, states, type StateName} from "./state-links.ts";

/** States of pages, or a cell of libvirt's matrix, by its id. */
type SymptomState = {readonly states: readonly StateName[]} | {readonly cell: string} | {readonly why: string};

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
  "the-host-killed-the-vm": {states: ["cap-kills"]},
  "the-guest-kills-its-own-processes-after-setmem": {states: ["killing"]},
  "a-program-in-the-guest-cannot-allocate": {states: ["refused-request"]},
  "the-host-swaps-and-the-guest-is-slow-but-sees-no-reason": {states: ["host-swaps"]},
  "a-xen-guest-dies-while-it-boots": {states: ["fv-promise-broken", "fv-no-progress"]},
  "esx-balloons-or-swaps-on-an-idle-host": {states: ["esx-limited", "esx-limited-deeply"]},
  "the-guest-freed-memory-and-the-host-still-holds-it": {states: ["freed-not-returned"]},
  "the-balloon-grew-and-the-host-gained-little": {states: ["untouched"]},
  "rss-is-larger-than-the-guest": {states: ["all-written"]},
  "i-raised-the-target-and-the-host-shows-no-more-use": {states: ["permission"]},
  "memtune-is-ignored": {states: ["cap-unseen"]},
  "the-same-memtune-behaves-differently-on-a-new-host": {states: ["cap-throttles", "cap-swap-alone"]},
  "min_guarantee-is-refused": {cell: "min-guarantee-qemu-running"}
};

/** Links that open the states of a symptom; of one without a state, why. */
export function SymptomLinks({name}: {readonly name: string}): VNode {
  const found = symptomStates[name];
  if (found === undefined) throw new Error(`no symptom: ${name}`);
  if ("why" in found) return <p class="open-state"><b>No run shows it:</b> {found.why}.</p>;
  if ("cell" in found) return <p class="open-state"><b>Open it:</b> <CellLink id={found.cell} />.</p>;
  return <p class="open-state"><b>Open it:</b> {found.states.map((state, i) => <>{i > 0 ? "; " : null}<StateLink name={state} /></>)}.</p>;
}

/** A link to a cell of the matrix, in words. */
export function CellLink({id}: {readonly id: string}): VNode {
  const cell = cells.find((one) => one.id === id);
  if (cell === undefined) throw new Error(`no cell: ${id}`);
  return <a href={`libvirt.html#${id}`}>{calls.find((one) => one.id === cell.call)?.short} on {cell.driver}, {cell.state}</a>;
}

/** A link to a page in one of its states, in words. */
export const StateLink = ({name}: {readonly name: StateName}): VNode => <a href={hrefOf(name)}>{states[name].text}</a>;
