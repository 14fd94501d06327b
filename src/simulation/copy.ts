/**
 * Copies a value of plain data: numbers, strings, booleans, arrays, typed arrays
 * and records of them. What checkpoints are made of.
 */
export function copyData<T>(value: T): T {
  if (value instanceof Float64Array) return value.slice() as T;
  if (Array.isArray(value)) return value.map(copyData) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyData(inner as unknown)])) as T;
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/**
 * Writes saved data back into the same objects, so that whoever holds a reference
 * sees it. Lists of records take new records; everything else keeps its identity.
 */
export function restoreData(target: object, saved: object): void {
  const into = target as Record<string, unknown>;
  for (const [key, value] of Object.entries(saved as Record<string, unknown>)) {
    const old = into[key];
    if (value instanceof Float64Array && old instanceof Float64Array) old.set(value);
    else if (isList(value) && isList(old)) old.splice(0, old.length, ...copyData(value));
    else if (typeof value === "object" && value !== null && typeof old === "object" && old !== null) restoreData(old, value);
    else into[key] = value;
  }
}
