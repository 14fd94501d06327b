import {themeToggle} from "../browser/theme.ts";
import {closeMenus} from "../browser/menus.ts";
import {bootCells} from "../notebook/boot.ts";

/** On every page: the theme button, the header's lists, and the search, whose code is fetched when it is first used. */
themeToggle();
closeMenus();

/** The site may live under any path: its root is where the brand link leads. */
const base = new URL(".", document.querySelector<HTMLAnchorElement>("a.brand")?.href ?? location.href);

bootCells(base);

const open = (): void => {
  void import("../browser/search-dialog.tsx").then(({openSearch}) => openSearch(base));
};
document.addEventListener("click", ({target}) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-teach]") : null;
  if (button !== null) void import("../teach/teach.ts").then(({teach}) => teach(button));
});

document.getElementById("search-open")?.addEventListener("click", open);
addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "?" && !typing) void import("../teach/keys-dialog.tsx").then(({showKeys}) => showKeys());
  const asked = (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
  if (!asked) return;
  event.preventDefault();
  open();
});
