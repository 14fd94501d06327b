const KEY = "setmem:theme";
const ORDER = ["auto", "light", "dark"] as const;
type Theme = (typeof ORDER)[number];

/** A button that goes round auto, light and dark, and remembers. */
export function themeToggle(): void {
  const button = document.getElementById("theme-toggle");
  if (button === null) return;
  const show = (): void => {
    const label = button.querySelector(".label");
    if (label !== null) label.textContent = `Theme: ${current()}`;
  };
  button.addEventListener("click", () => {
    set(ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length] ?? "auto");
    show();
  });
  show();
}

function current(): Theme {
  const {theme} = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

function set(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Kept for this page only.
  }
}
