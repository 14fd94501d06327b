import {defineConfig} from "vitest/config";

/**
 * The model's own tests, for `npm run mutation`: in one process, without
 * isolation and with few drawn cases, since every mutant runs them again.
 */
export default defineConfig({
  test: {
    include: ["test/{guest,host,control,simulation,check,views}/**/*.test.ts"],
    env: {SETMEM_CASES: "40"},
    isolate: false,
    fileParallelism: false,
    pool: "threads",
    testTimeout: 60_000
  }
});
