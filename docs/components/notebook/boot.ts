/** Written out here, not imported: a module shared with the pages' scripts would be one more request on every page. */
const inAddress = (): boolean => /[?&]c=/.test(location.hash);

function isKept(): boolean {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith("setmem:cells:") && location.pathname.includes(key.slice("setmem:cells:".length)));
  } catch {
    return false;
  }
}

/**
 * On every page, a few lines: the notebook's code is fetched when a cell is
 * first opened, or when a link or an earlier visit has cells for this page.
 */
export function bootCells(base: URL): void {
  if (document.querySelector("[data-cells]") === null) return;
  const open = (what: {cell?: string; insert?: string; code?: string}): void => void import("./open.tsx").then(({openNotebook}) => openNotebook(base, what));
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-open-cell], [data-insert], [data-insert-code]") : null;
    if (button === null) return;
    const {openCell = "", insert, insertCode} = button.dataset;
    if (insertCode !== undefined) open({code: button.parentElement?.querySelector("pre")?.textContent ?? ""});
    else open(insert === undefined ? {cell: openCell} : {insert});
  });
  if (inAddress() || isKept()) open({});
  addEventListener("hashchange", () => inAddress() ? open({}) : undefined);
}
