import {h, type VNode} from "preact";
import type {OutElement, OutNode} from "./tree.ts";

/** What a reader did to a control of an output. */
export interface ControlEvent {
  readonly id: number;
  readonly kind: "input" | "change" | "click";
  readonly value: string;
  readonly checked: boolean;
}

/** Draws a tree; patched in place, so that a control that is being dragged stays under the finger. */
export function Tree({node, onControl}: {node: OutNode; onControl?: (event: ControlEvent) => void}): VNode | string {
  return typeof node === "string" ? node : draw(node, onControl);
}

function draw(node: OutElement, onControl?: (event: ControlEvent) => void): VNode {
  const {tag, attributes, children, control} = node;
  const inner = children.map((child) => (typeof child === "string" ? child : draw(child, onControl)));
  if (control === undefined) return h(tag, {...attributes}, ...inner);
  const tell = (kind: ControlEvent["kind"]) => (event: Event): void => {
    const target = event.currentTarget as HTMLInputElement;
    onControl?.({id: control.id, kind, value: target.value, checked: target.checked === true});
  };
  const held = attributes.type === "checkbox" || attributes.type === "radio" ? {checked: control.checked} : tag === "button" ? {type: "button"} : {value: control.value};
  return h(tag, {...attributes, ...held, onInput: tell("input"), onChange: tell("change"), ...(tag === "button" ? {onClick: tell("click")} : {})}, ...inner);
}
