/** What is shown one at a time, in the order of the page; a figure's other layout is hidden, and so left out. */
const FIGURES = "main .figure-block, main figure.scene, main figure[data-claim]";

const isSeen = (e: HTMLElement): boolean => e.getClientRects().length > 0;

/** What is typed into keeps its arrow keys. */
const takesArrows = (target: EventTarget | null): boolean => target instanceof Element && target.matches("input, select, textarea, [role=slider]");

/** The heading a figure stands under. */
function titleOf(figure: Element): string {
  let title = "";
  for (const heading of document.querySelectorAll("main h1, main h2, main h3")) if (heading.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING) title = heading.textContent.trim();
  return title;
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text = "", attributes: Readonly<Record<string, string>> = {}): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * One figure at a time over the whole window, in large type. The figures are the page's
 * own, moved here and back: they go on following its state. Arrow keys lead from one to
 * the next, Escape leads out, and the focus returns to where it was.
 */
export function present(opener: HTMLElement): void {
  const figures = [...document.querySelectorAll<HTMLElement>(FIGURES)].filter(isSeen);
  if (figures.length === 0) return;
  const dialog = make("dialog", "", {class: "present", "aria-labelledby": "present-title"});
  const title = make("h2", "", {id: "present-title", tabindex: "-1"});
  const stage = make("div", "", {class: "present-stage"});
  const count = make("span", "", {role: "status"});
  const [before, after, leave] = [make("button", "Previous", {type: "button", "aria-keyshortcuts": "ArrowLeft"}), make("button", "Next", {type: "button", "aria-keyshortcuts": "ArrowRight"}), make("button", "Leave", {type: "button", "aria-keyshortcuts": "Escape"})];
  const bar = make("div", "", {class: "present-bar", role: "group", "aria-label": "Figures"});
  bar.append(before, count, after, leave);
  dialog.append(title, stage, bar);
  let at = -1;
  let back = (): void => undefined;
  const show = (next: number): void => {
    const figure = figures[next];
    if (figure === undefined) return;
    back();
    at = next;
    title.textContent = titleOf(figure);
    const place = document.createComment("");
    figure.replaceWith(place);
    stage.replaceChildren(figure);
    back = () => place.replaceWith(figure);
    count.textContent = `${at + 1} of ${figures.length}`;
    before.disabled = at === 0;
    after.disabled = at === figures.length - 1;
    title.focus();
  };
  before.addEventListener("click", () => show(at - 1));
  after.addEventListener("click", () => show(at + 1));
  leave.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || takesArrows(event.target)) return;
    event.preventDefault();
    show(at + by);
  });
  dialog.addEventListener("close", () => {
    back();
    dialog.remove();
    opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  show(0);
}
