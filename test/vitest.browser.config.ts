/** Tests of the playground in a real Chromium: `npm run test:browser`. Not part of `npm test`, for not everyone has one. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "browser",
    include: ["browser/**/*.test.ts"],
    root: import.meta.dirname,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What a page does is waited for as long as Playwright waits.
    expect: { poll: { timeout: 30_000 } },
    // Each file has a browser and a worker of its own, which fill two cores.
    fileParallelism: false,
  },
});
