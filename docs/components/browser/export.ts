import type {Table} from "../pages/page.ts";

/** What of a figure's look is written into an exported file, which has no style sheet; with the values that need no saying. */
const LOOK: Readonly<Record<string, string>> = {
  fill: "", "fill-opacity": "1", stroke: "none", "stroke-width": "1px", "stroke-dasharray": "none", "stroke-linecap": "butt", "stroke-linejoin": "miter",
  opacity: "1", "paint-order": "normal", "font-size": "", "font-weight": "400", "font-variant-numeric": "normal", "text-anchor": "start"
};

/** The figure as it looks now, as a file of its own. */
export function toSvg(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, i) => {
    const original = originals[i];
    if (original !== undefined) bake(element, getComputedStyle(original));
  });
  copy.querySelectorAll("[data-live]").forEach((element) => element.remove());
  const background = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor})) background.setAttribute(name, value);
  copy.prepend(background);
  for (const name of ["class", "role"]) copy.removeAttribute(name);
  copy.setAttribute("font-family", getComputedStyle(svg).fontFamily);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** Groups say only how opaque they are; what is drawn says all else itself. */
function bake(element: Element, style: CSSStyleDeclaration): void {
  const drawn = !["g", "defs", "pattern"].includes(element.localName);
  for (const [name, silent] of Object.entries(LOOK)) {
    const value = style.getPropertyValue(name);
    element.removeAttribute(name);
    if (value !== silent && (drawn || name === "opacity")) element.setAttribute(name, value);
  }
  element.removeAttribute("class");
}

/** Twice the size on screen, for slides. */
export async function toPng(svg: SVGSVGElement): Promise<Blob> {
  const {width, height} = svg.viewBox.baseVal;
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toSvg(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.scale(2, 2);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob === null ? reject(new Error("no image")) : resolve(blob)), "image/png"));
}

/** Commas and quotes as RFC 4180 has them. */
export function toCsv({columns, rows}: Table): string {
  const cell = (value: number | string): string => (typeof value === "string" && /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value));
  return [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export const toJson = ({columns, rows}: Table): string => JSON.stringify(rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null]))), null, 1);

export function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
