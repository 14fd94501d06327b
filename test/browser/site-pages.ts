import {readdirSync} from "node:fs";
import {modelPages} from "./model.ts";

/** Every page of the built site, the one for addresses that lead nowhere too. */
export const sitePages: readonly string[] = readdirSync("dist").filter((name) => name.endsWith(".html")).sort();

export const hasModel = (name: string): boolean => modelPages.some((page) => `${page.id}.html` === name);
