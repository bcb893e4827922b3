/** Builds the loop that reads memory, which the search worker imports. */
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

export async function buildReadMemory(): Promise<void> {
  const { error } = await main(
    [
      "assembly/read-memory.ts",
      ...["--baseDir", fileURLToPath(new URL(".", import.meta.url))],
      ...["--outFile", "read-memory.wasm"],
      ...["--runtime", "stub", "--enable", "simd", "--initialMemory", "1", "-O3", "--noAssert"],
    ],
    { stderr: process.stderr },
  );
  if (error) throw error;
}
