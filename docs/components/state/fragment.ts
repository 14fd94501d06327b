/** The reader's cells stand in the address beside the page's state: `#heading?s=...&c=...`; each part knows nothing of the other. */
const CELLS = /([?&])c=([A-Za-z0-9_.-]*)/;

/** The cells' part of a fragment; empty when there is none. */
export const cellsOf = (fragment: string): string => CELLS.exec(fragment)?.[2] ?? "";

/** A fragment without its cells' part. */
export function withoutCells(fragment: string): string {
  const bare = fragment.replace(CELLS, (_, mark: string) => (mark === "?" ? "?" : "")).replace("?&", "?").replace(/\?$/, "");
  return bare === "#" ? "" : bare;
}

/** A fragment with these cells; an empty text takes them out. */
export function withCells(fragment: string, cells: string): string {
  const bare = withoutCells(fragment);
  if (cells === "") return bare;
  return `${bare === "" ? "#" : bare}${bare.includes("?") ? "&" : "?"}c=${cells}`;
}
