/** Builds the inner loops of refinement: assembly to core.wasm. The memory comes from outside and is shared. */
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const { error } = await main(
  [
    "assembly/index.ts",
    ...["--baseDir", fileURLToPath(new URL(".", import.meta.url))],
    ...["--outFile", "core.wasm"],
    ...["--runtime", "stub"],
    ...["--enable", "simd", "--enable", "threads"],
    ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
    "-O3",
    "--noAssert",
  ],
  { stderr: process.stderr },
);
if (error) process.exit(1);
