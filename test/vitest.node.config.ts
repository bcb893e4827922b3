import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "node",
    include: [
      "client/**/*.test.ts",
      "command-line/**/*.test.ts",
      "unit/**/*.test.ts",
      "parity/**/*.test.ts",
      "deploy/**/*.test.ts",
      "distill/**/*.test.ts",
      "evaluate/**/*.test.ts",
      "export/**/*.test.ts",
      "host/**/*.test.ts",
      "hub/**/*.test.ts",
      "refine/**/*.test.ts",
      "search/**/*.test.ts",
    ],
    root: import.meta.dirname,
    setupFiles: ["support/own-registry.ts"],
    // One more than usual: with two cores files would come one after the other, and most of a file is waiting.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
