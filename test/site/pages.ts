import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {attribute, elements, parse, type Document, type Element} from "../../scripts/html.ts";

export interface BuiltPage {
  readonly name: string;
  readonly document: Document;
  readonly all: readonly Element[];
  readonly embed: boolean;
}

/** Every file of the built site, with forward slashes. */
export const files: readonly string[] = readdirSync("dist", {recursive: true, withFileTypes: true})
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/").replace(/^dist\//, ""))
  .sort();

/** The frame that cells run in is no page, and has a policy of its own: test/scripts/cells.test.ts. */
const isFrame = (name: string): boolean => name.startsWith("cells/");

/** Read as a browser without JavaScript reads them: what is in a noscript element counts too. */
export const pages: readonly BuiltPage[] = files.filter((name) => name.endsWith(".html") && !isFrame(name)).map((name) => {
  const document = parse(readFileSync(join("dist", name), "utf8"), {scriptingEnabled: false});
  return {name, document, all: elements(document), embed: name.startsWith("embed/")};
});

/** Content hashes change with every edit of a file; that they are there does not. */
export const withoutHashes = (text: string): string => text.replace(/\.[0-9a-f]{8}\./g, ".HASH.").replace(/-[0-9A-Z]{8}(?=\.(?:HASH|js))/g, "-NAME").replace(/'sha256-[^']*'/g, "'sha256-HASH'");

export const withTag = (page: BuiltPage, ...tags: readonly string[]): readonly Element[] => page.all.filter((e) => tags.includes(e.tagName));

export const values = (page: BuiltPage, name: string): readonly string[] => page.all.map((e) => attribute(e, name)).filter((value) => value !== undefined);
