import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: "../wrangler.toml" } })],
  test: {
    name: "workerd",
    include: ["workerd/**/*.test.ts"],
    root: import.meta.dirname,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
