/**
 * How many cases a property draws: `full` in the full run, at most
 * SETMEM_CASES of them while one works on the code (`npm run test:quick`).
 */
export const cases = (full: number): number => Math.min(full, Number(process.env["SETMEM_CASES"] ?? full));
