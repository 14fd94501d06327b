import {defineConfig} from "vitest/config";

const GUEST = "test/docs/components/guest/guest.test.ts";

/**
 * unit: the model, the pure figure code, the state and the commands; no browser.
 * Nothing in it has state of its own, so all files share their modules: reading
 * the same modules for each file took as long as the tests.
 * guest: the real Linux in the emulator, in Node.
 * site: the built site as files and in real Chromium; scripts/test.ts builds it first.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/site/**", "test/browser/**", GUEST],
          pool: "threads",
          isolate: false,
          testTimeout: 30_000
        }
      },
      {
        test: {
          name: "guest",
          include: [GUEST],
          testTimeout: 120_000
        }
      },
      {
        test: {
          name: "site",
          include: ["test/site/**/*.test.ts", "test/browser/**/*.test.ts"],
          // One server for all files, and a browser for each worker. Pages write their address and draw what is out of view
          // only once nothing has moved for a while: tests spend their time waiting for that, so several wait at once.
          globalSetup: ["test/browser/global-setup.ts"],
          pool: "threads",
          isolate: false,
          maxConcurrency: 3,
          testTimeout: 300_000,
          hookTimeout: 120_000
        }
      }
    ]
  }
});
