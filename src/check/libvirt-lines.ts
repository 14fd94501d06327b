/** What stands before the value on a line of a tool's output: the part two outputs have in common. */
const labelOf = (line: string): string => /^\s*(<\w+|[^\d:=]+?(?=\s*[:=]|\s+\d))/.exec(line)?.[1] ?? line;

/**
 * The lines of `observed` that `predicted` has something to say about, so that
 * an output of which the model knows a part is compared in that part only.
 */
export function knownLines(predicted: string, observed: string): string {
  const known = new Set(predicted.split("\n").map(labelOf));
  return observed
    .split("\n")
    .filter((line) => known.has(labelOf(line)))
    .join("\n");
}

/** The memory part of a native format or a domain XML, and the name a recording gives each number. */
const parts: readonly (readonly [string, RegExp])[] = [
  ["qemuMemoryMiB", /(?:^|\s)-m (\d+)(?=\s|$)/],
  ["qemuMemoryArgument", /(?:^|\s)-m (size=\S+)/],
  ["backendBytes", /"size":(\d+)/],
  ["maxmemMiB", /^maxmem = (\d+)$/m],
  ["memoryMiB", /^memory = (\d+)$/m],
  ["memoryKiB", /<memory(?: dumpCore='\w+')? unit='KiB'>(\d+)</],
  ["currentMemoryKiB", /<currentMemory unit='KiB'>(\d+)</],
  ["maxMemoryKiB", /<maxMemory slots='\d+' unit='KiB'>(\d+)</],
  ["maxMemorySlots", /<maxMemory slots='(\d+)'/]
];

/** Every memory number of such a text, by name; numbers too large for one stay text. */
export function memoryNumbers(text: string): Record<string, number | string> {
  const found: Record<string, number | string> = {};
  for (const [name, pattern] of parts) {
    const value = pattern.exec(text)?.[1];
    if (value !== undefined) found[name] = Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  return found;
}
