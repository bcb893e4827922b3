/** `npm run check:bundle`: bundles the worker as `wrangler deploy` would and fails if it has grown too large. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Bytes of everything that is uploaded, gzipped, models apart. Cloudflare's free plan ends at 3 MB. */
const maxGzippedBytes = 1_000_000;

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nearvec-bundle-"));
try {
  const wrangler = fileURLToPath(import.meta.resolve("wrangler"));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--no-warnings", wrangler, "deploy", "--dry-run", "--outdir", folder],
    { cwd: root, encoding: "utf8", env: { ...process.env, WRANGLER_SEND_METRICS: "false" } },
  );
  if (status !== 0) throw new Error(`wrangler deploy --dry-run failed:\n${stdout}${stderr}`);
  let total = 0;
  for (const file of readdirSync(folder)) {
    // Neither is uploaded.
    if (file.endsWith(".map") || file === "README.md" || file.endsWith(".safetensors")) continue;
    const bytes = gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
    total += bytes;
    console.log(`${String(bytes).padStart(8)} B gzipped  ${file}`);
  }
  console.log(`${String(total).padStart(8)} B of at most ${maxGzippedBytes}`);
  if (total > maxGzippedBytes) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
