import {render, type VNode} from "preact";
import {buildIndex, type Hit, type Index, type Section} from "./search.ts";

/** Opens the search; the sections are fetched once, when it is first wanted. */
let index: Promise<Index> | undefined;
const root = document.createElement("dialog");

export function openSearch(base: URL): void {
  index ??= fetch(new URL("search.json", base)).then(async (response) => buildIndex((await response.json()) as Section[]));
  if (!root.isConnected) create();
  if (!root.open) root.showModal();
  show("", null, base);
  root.querySelector("input")?.focus();
}

function create(): void {
  root.id = "search";
  root.setAttribute("aria-label", "Search this site");
  root.addEventListener("click", (event) => {
    if (event.target === root) root.close();
  });
  root.addEventListener("keydown", moveThroughResults);
  document.body.append(root);
}

function show(query: string, hits: readonly Hit[] | null, base: URL): void {
  render(<Search query={query} hits={hits} base={base} />, root);
}

async function search(query: string, base: URL): Promise<void> {
  if (query.trim() === "") return show(query, null, base);
  const hits = (await index)?.find(query) ?? [];
  show(query, hits, base);
}

function Search({query, hits, base}: {query: string; hits: readonly Hit[] | null; base: URL}): VNode {
  return (
    <div class="search-inner">
      <div class="search-head">
        <label for="search-input">Search</label>
        <input id="search-input" type="search" autocomplete="off" spellcheck={false} value={query} placeholder="a word, a field, an error message" onInput={(event) => void search(event.currentTarget.value, base)} />
        <button type="button" onClick={() => root.close()}>Close</button>
      </div>
      <p class="search-count" role="status">{hits === null ? "" : hits.length === 0 ? "Nothing found." : hits.length === 1 ? "1 section" : `${hits.length} sections`}</p>
      <ol class="search-results">
        {(hits ?? []).map(({section, before, match, after}) => (
          <li key={section.id}>
            <a href={new URL(section.url, base).href} onClick={() => root.close()}>
              <span class="where">{section.page === section.heading ? section.page : `${section.page} › ${section.heading}`}</span>
              <span class="snippet">{before}<mark>{match}</mark>{after}</span>
            </a>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Down from the field into the results, up and down among them. */
function moveThroughResults(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = Array.from(root.querySelectorAll<HTMLElement>("#search-input, .search-results a"));
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
