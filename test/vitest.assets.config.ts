/** Tests on data beside the checkout, which is too large, or not ours, to commit: `npm run test:assets`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "assets",
    include: ["assets/**/*.test.ts"],
    root: import.meta.dirname,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    passWithNoTests: true,
    maxWorkers: "100%",
  },
});
