import {present} from "./present.ts";

/** What a button of "Teach with this page" does. */
export function teach(button: HTMLElement): void {
  const kind = button.dataset.teach;
  if (kind === "present") present(button);
  else if (kind === "worksheet") printWorksheet();
  else void copyExercise(button);
}

/** The question with room to write, and nothing of what the page tells. */
function printWorksheet(): void {
  const root = document.documentElement;
  root.dataset.mode = "worksheet";
  addEventListener("afterprint", () => delete root.dataset.mode, {once: true});
  print();
}

/** The page's state is in the link; the rest of the page stays closed until its reader has committed a number. */
async function copyExercise(button: HTMLElement): Promise<void> {
  const url = new URL(location.href);
  url.search = "exercise";
  const said = button.parentElement?.querySelector("[data-teach-said]");
  let text = "Copied: the page behind this link opens once its reader has said a number.";
  try {
    await navigator.clipboard.writeText(url.href);
  } catch {
    text = url.href;
  }
  if (said !== null && said !== undefined) said.textContent = text;
}
