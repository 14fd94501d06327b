/** A generator of what an input holds, now and after each change: the runtime waits for each. */
export function valuesOf(element: Element & {value?: unknown}): Iterator<unknown> & Iterable<unknown> {
  let stale = false;
  let held: unknown;
  let tell: ((value: unknown) => void) | null = null;
  const change = (value: unknown): void => {
    held = value;
    if (tell === null) stale = true;
    else tell(value);
    tell = null;
  };
  const listen = (): void => change(element.value);
  element.addEventListener("input", listen);
  if (element.value !== undefined) change(element.value);
  const next = (): IteratorResult<Promise<unknown>> => {
    if (stale) {
      stale = false;
      return {done: false, value: Promise.resolve(held)};
    }
    return {done: false, value: new Promise((resolve) => (tell = resolve))};
  };
  return {
    [Symbol.iterator]() {
      return this;
    },
    next,
    return: () => {
      element.removeEventListener("input", listen);
      return {done: true, value: undefined};
    }
  };
}
