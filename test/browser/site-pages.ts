import {readdirSync} from "node:fs";
import {modelPages} from "./model.ts";

/** Every page of the built site: the one for addresses that lead nowhere and the figures for other sites' frames too. */
export const sitePages: readonly string[] = readdirSync("dist", {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".html") && !name.startsWith("cells")).sort();

export const isEmbed = (name: string): boolean => name.startsWith("embed");

export const hasModel = (name: string): boolean => isEmbed(name) || modelPages.some((page) => `${page.id}.html` === name);
