/** For cells that name them, in one script: loaded only then. */
export * as Plot from "@observablehq/plot";
export * as d3 from "d3";
export * as Inputs from "@observablehq/inputs";
export {html, svg} from "htl";
