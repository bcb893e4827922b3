/** Builds the search kernel: assembly to search-kernel.wasm and, for hosts that cannot import it, to a module. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const here = fileURLToPath(new URL(".", import.meta.url));
// The hash is the embedding kernel's, so paths begin where both are.
const shared = fileURLToPath(new URL("../../", import.meta.url));
const { error } = await main(
  [
    "search/kernel/assembly/index.ts",
    ...["--baseDir", shared],
    ...["--outFile", "search/kernel/search-kernel.wasm"],
    ...["--runtime", "stub"],
    ...["--enable", "simd"],
    ...["--initialMemory", "1"],
    "-O3",
    "--noAssert",
  ],
  { stderr: process.stderr },
);
if (error) process.exit(1);
const base64 = readFileSync(`${here}search-kernel.wasm`).toString("base64");
writeFileSync(
  `${here}search-kernel-bytes.generated.ts`,
  `/** shared/search/kernel/search-kernel.wasm in base64, made by \`npm run build\`. */\nexport const searchKernelBytes =\n  "${base64}";\n`,
);
