/** What the reader wrote, kept in this browser between visits: the text of the address's part, by page. */
const key = (page: string): string => `setmem:cells:${page}`;

export const pageName = (): string => /([\w-]+)(?:\.html)?$/.exec(location.pathname)?.[1] ?? "index";

/** Storage may be switched off: then nothing is kept, and nothing breaks. */
export function kept(page: string): string {
  try {
    return localStorage.getItem(key(page)) ?? "";
  } catch {
    return "";
  }
}

export function keep(page: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(key(page));
    else localStorage.setItem(key(page), text);
  } catch {
    // Not kept, then.
  }
}
