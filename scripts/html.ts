import {defaultTreeAdapter, html, parse, serialize, type DefaultTreeAdapterTypes} from "parse5";

export type Element = DefaultTreeAdapterTypes.Element;
export type Node = DefaultTreeAdapterTypes.ChildNode;
export type Document = DefaultTreeAdapterTypes.Document;

export {parse, serialize};

export const isElement = (node: DefaultTreeAdapterTypes.Node): node is Element => "tagName" in node;

/** Every element below a node, in document order. */
export function elements(node: DefaultTreeAdapterTypes.ParentNode): Element[] {
  return node.childNodes.flatMap((child) => (isElement(child) ? [child, ...elements("content" in child ? child.content : child)] : []));
}

export const find = (node: DefaultTreeAdapterTypes.ParentNode, test: (e: Element) => boolean): Element | undefined => elements(node).find(test);

export const attribute = (element: Element, name: string): string | undefined => element.attrs.find((a) => a.name === name)?.value;

export function setAttribute(element: Element, name: string, value: string): void {
  const existing = element.attrs.find((a) => a.name === name);
  if (existing === undefined) element.attrs.push({name, value});
  else existing.value = value;
}

export const remove = (element: Element): void => defaultTreeAdapter.detachNode(element);

export function text(node: DefaultTreeAdapterTypes.Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(text).join("") : "";
}

export function element(name: string, attrs: Readonly<Record<string, string>>): Element {
  const made = defaultTreeAdapter.createElement(name, html.NS.HTML, Object.entries(attrs).map(([n, value]) => ({name: n, value})));
  return made;
}

export function prepend(parent: Element, child: Element): void {
  const first = parent.childNodes[0];
  if (first === undefined) defaultTreeAdapter.appendChild(parent, child);
  else defaultTreeAdapter.insertBefore(parent, child, first);
}

export const append = (parent: Element, child: Element): void => defaultTreeAdapter.appendChild(parent, child);
