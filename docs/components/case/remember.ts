const KEPT = 8;

/**
 * The same result for equal input, the last few kept: scrubbing through time does
 * not run the model again, and dragging a target does not boot the machine again.
 * Inputs are equal when their keys are; by default that is their JSON.
 * @param most results kept: more of what is small and asked for all over a slider's track.
 */
export function remember<I, R>(make: (input: I) => R, keyOf: (input: I) => string = JSON.stringify, most = KEPT): (input: I) => R {
  const kept = new Map<string, R>();
  return (input) => {
    const key = keyOf(input);
    const found = kept.get(key);
    if (found !== undefined) return found;
    if (kept.size >= most) kept.clear();
    const made = make(input);
    kept.set(key, made);
    return made;
  };
}

/** The same for what is made of an object: kept as long as the object is. */
export function rememberOf<K extends object, R>(make: (of: K) => R): (of: K) => R {
  const kept = new WeakMap<K, R>();
  return (of) => {
    const made = kept.get(of) ?? make(of);
    kept.set(of, made);
    return made;
  };
}
