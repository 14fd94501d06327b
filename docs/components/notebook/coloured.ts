import {tags, type Tag} from "@lezer/highlight";

/** What has a colour in code, in the editor and outside it; the colours are the style sheet's. */
export const coloured: Readonly<Record<"keyword" | "string" | "number" | "comment" | "type", readonly Tag[]>> = {
  keyword: [tags.keyword],
  string: [tags.string, tags.special(tags.string), tags.regexp, tags.escape],
  number: [tags.number, tags.bool, tags.null],
  comment: [tags.comment],
  type: [tags.typeName, tags.className]
};
