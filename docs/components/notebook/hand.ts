export type FileKind = "ipynb" | "kit" | "html";

const NAMES = {ipynb: [".ipynb", "application/x-ipynb+json"], kit: [".notebook.html", "text/html"], html: [".html", "text/html"]} as const;

/** Hands the reader a file; returns what to say. */
export function hand(kind: FileKind, page: string, text: string): string {
  const [ending, type] = NAMES[kind];
  const link = document.createElement("a");
  const name = `setmem-${page}${ending}`;
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return `Saved ${name}.`;
}
