import MiniSearch from "minisearch";

/** One section of a page, as written by scripts/search-index.ts. */
export interface Section {
  readonly id: number;
  readonly url: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

export interface Hit {
  readonly section: Section;
  /** Text around the first match, split so that the match can be marked. */
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

const AROUND = 70;
const MOST = 12;

export interface Index {
  find(query: string): Hit[];
}

/** Names such as memory.high or virDomainSetMemory are words whole, and their parts are too. */
function tokenize(text: string): string[] {
  const whole = text.split(/[\s"'`(){}[\]<>,;:!?]+/).map((word) => word.replace(/[.]+$/, "")).filter((word) => word !== "");
  const parts = whole.flatMap((word) => word.split(/[._/=-]+|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== word && part.length > 1));
  return [...whole, ...parts];
}

export function buildIndex(sections: readonly Section[]): Index {
  const mini = new MiniSearch<Section>({
    fields: ["heading", "page", "text"],
    tokenize,
    searchOptions: {boost: {heading: 3, page: 2}, prefix: (term) => term.length > 2, fuzzy: (term) => (term.length > 5 ? 0.15 : false), combineWith: "AND"}
  });
  mini.addAll(sections);
  const byId = new Map(sections.map((section) => [section.id, section]));
  return {
    find(query) {
      const wanted = query.trim().replace(/\s+/g, " ");
      if (wanted === "") return [];
      // An error message is pasted whole: where it stands word for word comes first.
      const exact = sections.filter((s) => `${s.heading} ${s.text}`.toLowerCase().includes(wanted.toLowerCase()));
      const ranked = mini.search(wanted).map((result) => byId.get(result.id as number)).filter((s) => s !== undefined);
      const exactRanked = ranked.filter((s) => exact.includes(s));
      const all = new Set([...exactRanked, ...exact, ...ranked]);
      return Array.from(all).slice(0, MOST).map((section) => snippet(section, wanted));
    }
  };
}

function snippet(section: Section, query: string): Hit {
  const {text} = section;
  const lower = text.toLowerCase();
  // Of a query that is the heading itself, no single word is worth marking in the text; small words never are.
  const words = section.heading.toLowerCase().includes(query.toLowerCase()) ? [] : query.split(" ").filter((word) => word.length > 3);
  const candidates = [query, ...words].map((word) => ({at: lower.indexOf(word.toLowerCase()), length: word.length}));
  const found = candidates.find(({at}) => at >= 0) ?? {at: 0, length: 0};
  const from = Math.max(0, found.at - AROUND);
  const to = Math.min(text.length, found.at + found.length + AROUND);
  return {
    section,
    before: (from > 0 ? "…" : "") + text.slice(from, found.at),
    match: text.slice(found.at, found.at + found.length),
    after: text.slice(found.at + found.length, to) + (to < text.length ? "…" : "")
  };
}
