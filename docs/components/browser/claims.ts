/** Answers to the claims stay in this browser; one that keeps nothing just asks again. */
const key = (id: string): string => `setmem:claim:${id}`;
const known = new Set(["true", "partly", "no"]);

function load(id: string): string | null {
  try {
    const value = localStorage.getItem(key(id));
    return value !== null && known.has(value) ? value : null;
  } catch {
    return null;
  }
}

function save(id: string, answer: string | null): void {
  try {
    if (answer === null) localStorage.removeItem(key(id));
    else localStorage.setItem(key(id), answer);
  } catch {
    // Storage is full or forbidden: the page works without it.
  }
}

export interface Answered {
  readonly verdict: string;
  readonly answer: string | null;
}

/** Opinions are not counted as right or wrong. */
export function tally(all: readonly Answered[]): string {
  const answered = all.filter(({answer}) => answer !== null);
  if (answered.length === 0) return `You have answered none of the ${all.length} claims.`;
  const judged = answered.filter(({verdict}) => verdict !== "opinion");
  const agreed = judged.filter(({verdict, answer}) => verdict === answer).length;
  const opinions = answered.length - judged.length;
  return `You have answered ${answered.length} of ${all.length} claims and agree with our verdict for 2009 on ${agreed} of ${judged.length}${opinions === 0 ? "" : `; ${opinions} ${opinions === 1 ? "is an opinion" : "are opinions"} and not counted`}.`;
}

/** The verdict of a claim opens when the reader has answered. */
export function mountClaims(): void {
  const articles = [...document.querySelectorAll<HTMLElement>("[data-claim]")];
  const answers = new Map<HTMLElement, string | null>();
  const show = (article: HTMLElement, answer: string | null): void => {
    answers.set(article, answer);
    for (const button of article.querySelectorAll<HTMLButtonElement>("[data-answer]")) button.setAttribute("aria-pressed", String(button.dataset.answer === answer));
    const details = article.querySelector("details");
    if (details !== null) details.open = answer !== null;
    article.dataset.ready = "";
  };
  const count = (): void => {
    const text = tally(articles.map((article) => ({verdict: article.dataset.verdict ?? "", answer: answers.get(article) ?? null})));
    for (const element of document.querySelectorAll("[data-tally]")) element.textContent = text;
  };
  const choose = (article: HTMLElement, answer: string | null): void => {
    save(article.dataset.claim ?? "", answer);
    show(article, answer);
  };
  for (const article of articles) {
    show(article, load(article.dataset.claim ?? ""));
    for (const button of article.querySelectorAll<HTMLButtonElement>("[data-answer]")) {
      button.addEventListener("click", () => {
        choose(article, button.dataset.answer ?? null);
        count();
      });
    }
  }
  count();
  document.querySelector("[data-reset]")?.addEventListener("click", () => {
    for (const article of articles) choose(article, null);
    count();
  });
}
