import {defineConfig} from "vitest/config";

/** The model's own tests, for `npm run mutation`: those of pages and commands would only slow every mutant down. */
export default defineConfig({
  test: {
    include: ["test/{guest,host,control,simulation,check,views,domain}/**/*.test.ts"],
    testTimeout: 60_000
  }
});
