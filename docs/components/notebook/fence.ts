/**
 * The fence of a page's cell: ```` ```ts cell ```` and then the figures of the
 * page that it is the source of. Read by the build, the checks of pages and tests.
 */
const FENCE = /^ts\s+cell\b((?:\s+[\w-]+)*)\s*$/;

/** Names of the figures a cell is the source of; null for a fence that is no cell. */
export function cellFence(info: string): readonly string[] | null {
  const names = FENCE.exec(info.trim())?.[1];
  return names === undefined ? null : names.split(/\s+/).filter((name) => name !== "");
}

/** Where the source of a figure stands on its page. */
export const sourceId = (figure: string): string => `source-${figure}`;
