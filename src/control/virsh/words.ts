/**
 * Splits a command line into words as a POSIX shell does, as far as commands
 * about memory need: blanks separate, '...' and "..." keep blanks, a backslash
 * keeps the next character. Nothing is expanded.
 */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/g)) words.push(unquote(word));
  return words;
}

function unquote(word: string): string {
  return word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, single?: string, double?: string, escaped?: string) => {
    if (double !== undefined) return double.replace(/\\(["\\$`])/g, "$1");
    return single ?? escaped ?? "";
  });
}
