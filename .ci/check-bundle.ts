/** `npm run check:bundle`: bundles the worker as `wrangler deploy` would and fails if it has grown too large. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Bytes of the code, gzipped: all that is uploaded but the bundled model. */
const maxCodeBytes = 600 * 1024;

/** Bytes of everything that is uploaded, gzipped: where Cloudflare's free plan ends. */
const maxTotalBytes = 3_000_000;

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
  let code = 0;
  let models = 0;
  for (const file of readdirSync(folder)) {
    // Neither is uploaded.
    if (file.endsWith(".map") || file === "README.md") continue;
    const bytes = gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
    if (file.endsWith(".safetensors")) models += bytes;
    else code += bytes;
    console.log(`${kibibytes(bytes)} KiB gzipped  ${file}`);
  }
  // Without its model the worker could not answer out of its bundle, and nothing else here would notice.
  if (models === 0) throw new Error("Expected the bundle to hold a .safetensors file, got none.");
  console.log(`${kibibytes(code)} KiB of at most ${kibibytes(maxCodeBytes).trim()} without the model`);
  console.log(`${kibibytes(code + models)} KiB of at most ${kibibytes(maxTotalBytes).trim()} with it`);
  if (code > maxCodeBytes || code + models > maxTotalBytes) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function kibibytes(bytes: number): string {
  return (bytes / 1024).toFixed(1).padStart(8);
}
