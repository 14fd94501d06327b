import {isMarkup} from "../inspect.ts";
import type {OutElement, OutNode} from "../tree.ts";
import type {ControlEvent} from "../tree-view.tsx";

/** The controls of what cells have shown, by the number the page knows them by. */
const controls = new Map<number, HTMLInputElement>();
const numbers = new WeakMap<Element, number>();
let count = 0;

/** A node of this frame as data. */
export function treeOf(node: Node): OutNode {
  if (!(node instanceof Element)) return node.textContent ?? "";
  const attributes = Object.fromEntries(Array.from(node.attributes, ({name, value}) => [name, value]));
  const children = Array.from(node.childNodes, treeOf);
  const element: OutElement = {tag: node instanceof SVGElement ? node.tagName : node.tagName.toLowerCase(), attributes, children};
  return isControl(node) ? {...element, control: {id: numberOf(node), value: node.value, checked: "checked" in node && node.checked}} : element;
}

const isControl = (node: Element): node is HTMLInputElement => /^(input|select|textarea|button)$/i.test(node.tagName);

function numberOf(node: HTMLInputElement): number {
  const known = numbers.get(node);
  if (known !== undefined) return known;
  numbers.set(node, ++count);
  controls.set(count, node);
  return count;
}

/** Markup of our figures as a node. */
export function nodeOf(value: unknown): Node | null {
  if (value instanceof Node) return value;
  if (!isMarkup(value)) return null;
  const template = document.createElement("template");
  template.innerHTML = value.html;
  return template.content.firstChild;
}

/** Does to the control here what the reader did to its picture in the page. */
export function act({id, kind, value, checked}: ControlEvent): void {
  const control = controls.get(id);
  if (control === undefined) return;
  if (kind === "click") {
    control.click();
    return;
  }
  if (/^(checkbox|radio)$/.test(control.type)) control.checked = checked;
  else control.value = value;
  control.dispatchEvent(new Event(kind, {bubbles: true}));
}
