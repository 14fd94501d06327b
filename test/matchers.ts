import {expect} from "vitest";

/** Matches any text that has `part` in it; typed, unlike vitest's own. */
export const containing = (part: string): unknown => expect.stringContaining(part);
