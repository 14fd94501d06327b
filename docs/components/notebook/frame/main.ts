import "./now.ts";
import {inspect} from "../inspect.ts";
import type {FromFrame, ToFrame} from "../protocol.ts";
import {safeTree, type OutNode} from "../tree.ts";
import {act, nodeOf, treeOf} from "./dom.ts";
import {valuesOf} from "./observe.ts";
import {createRunner} from "./runner.ts";

/**
 * The sandboxed frame: the reader's code runs here and nowhere else. The model
 * is a script of its own before this one, so that exports can carry it too.
 */
declare const setmem: Readonly<Record<string, unknown>>;

const send = (message: FromFrame): void => parent.postMessage(message, "*");

/** What each cell has shown, kept in the document: inputs must stay alive. */
const places = new Map<string, HTMLElement>();

function place(id: string): HTMLElement {
  const known = places.get(id);
  if (known !== undefined) return known;
  const made = document.createElement("div");
  document.body.append(made);
  places.set(id, made);
  return made;
}

/** Shown values by cell, and whether the picture of them is behind. */
const shownBy = new Map<string, {values: readonly unknown[]; done: boolean; ms: number}>();

function tell(id: string): void {
  const shown = shownBy.get(id);
  if (shown === undefined) return;
  try {
    const nodes = shown.values.map((value): OutNode => {
      const node = nodeOf(value);
      return node === null ? inspect(value) : treeOf(node);
    });
    for (const node of nodes) safeTree(node, "");
    send({type: "shown", id, nodes, done: shown.done, ms: shown.ms});
  } catch (error) {
    send({type: "failed", id, error: {name: "Error", message: String(error instanceof Error ? error.message : error), line: null, column: null}});
  }
}

function keep(id: string, values: readonly unknown[]): void {
  const nodes = values.flatMap((value) => (value instanceof Node ? [value] : []));
  const holder = place(id);
  if (nodes.length === holder.childNodes.length && nodes.every((node, i) => holder.childNodes[i] === node)) return;
  holder.replaceChildren(...nodes);
}

/** Plot, d3 and Inputs come when a cell first names one of them. */
let charts: Promise<Readonly<Record<string, unknown>>> | null = null;
const fromCharts = (name: string) => async (): Promise<unknown> => (await (charts ??= loadCharts()))[name];

declare const setmemCharts: Readonly<Record<string, unknown>>;

function loadCharts(): Promise<Readonly<Record<string, unknown>>> {
  const here = document.querySelector<HTMLElement>("[data-charts]");
  const inline = here?.textContent ?? "";
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = () => resolve(setmemCharts);
    script.onerror = () => reject(new Error("Plot, d3 and Inputs could not be loaded"));
    if (inline.trim() === "") script.src = here?.dataset.charts ?? "";
    else script.textContent = inline;
    document.head.append(script);
    if (inline.trim() !== "") resolve(setmemCharts);
  });
}

const runner = createRunner({
  scope: setmem,
  lazy: {Plot: fromCharts("Plot"), d3: fromCharts("d3"), Inputs: fromCharts("Inputs"), html: fromCharts("html"), svg: fromCharts("svg"), width: () => 640},
  now: () => performance.now(),
  valuesOf: (input) => (input instanceof Element ? valuesOf(input) : input),
  report: {
    running: (id) => send({type: "running", id}),
    failed: (id, error) => {
      shownBy.delete(id);
      send({type: "failed", id, error});
    },
    shown: (id, values, done, ms) => {
      shownBy.set(id, {values: [...values], done, ms});
      keep(id, values);
      tell(id);
    }
  }
});

/** What an output does to itself is shown too: a slider's number, a table's rows. */
new MutationObserver((records) => {
  const touched = new Set<string>();
  for (const {target} of records) for (const [id, holder] of places) if (target !== holder && holder.contains(target)) touched.add(id);
  for (const id of touched) tell(id);
}).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});

addEventListener("message", ({source, data}: MessageEvent<ToFrame>) => {
  if (source !== parent) return;
  switch (data.type) {
    case "cells": runner.define(data.cells); break;
    case "inputs": runner.inputs(data.inputs); break;
    case "again": runner.again(data.id); break;
    case "ping": send({type: "pong", n: data.n}); break;
    case "control": {
      act(data.event);
      for (const [id, holder] of places) if (holder.childNodes.length > 0) tell(id);
    }
  }
});
send({type: "ready"});
