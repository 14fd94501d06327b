import {Resvg} from "@resvg/resvg-js";
import {fileURLToPath} from "node:url";

const FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) => fileURLToPath(new URL(`../node_modules/dejavu-fonts-ttf/ttf/${name}`, import.meta.url)));

const LAYERS = [
  {name: "configured", hue: "#1f62ad", share: 1},
  {name: "target", hue: "#b3470b", share: 0.75},
  {name: "current", hue: "#0a7560", share: 0.6},
  {name: "backing", hue: "#8c3b86", share: 0.34}
];

/** The picture shown where a link to the site is shared; its fonts come with the project, so it is the same everywhere. */
export function socialCard(): Promise<Buffer> {
  const bars = LAYERS.map(({name, hue, share}, i) => `<rect x="80" y="${300 + i * 66}" width="${1040 * share}" height="50" rx="6" fill="${hue}"/><text x="100" y="${334 + i * 66}" font-size="26" fill="#fff">${name}</text>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" font-family="DejaVu Sans"><rect width="1200" height="630" fill="#fcfbf8"/><text x="80" y="150" font-size="76" font-weight="bold" fill="#1c1b19">setmem</text><text x="80" y="222" font-size="36" fill="#4d4a45">What a virtual machine’s memory numbers mean</text>${bars.join("")}</svg>`;
  const image = new Resvg(svg, {font: {fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans"}}).render();
  return Promise.resolve(image.asPng());
}
