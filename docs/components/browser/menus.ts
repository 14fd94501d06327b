const OPEN = ".drop[open], .menu[open]";

/** The header's lists open and close without a script; with one they also close at Escape and at a press elsewhere. */
export function closeMenus(): void {
  addEventListener("pointerdown", ({target}) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN)) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
  addEventListener("keydown", ({key}) => {
    const menu = key === "Escape" ? document.querySelector<HTMLDetailsElement>(OPEN) : null;
    if (menu === null) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
