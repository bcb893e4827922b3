/** What `npm pack` makes, installed elsewhere and used as its users would: `npm run test:package`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "package",
    include: ["package/**/*.test.ts"],
    globalSetup: "package/installed-package.ts",
    root: import.meta.dirname,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
