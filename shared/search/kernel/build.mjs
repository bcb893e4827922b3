/**
 * Builds the search kernel: assembly to search-kernel.wasm for workerd, with relaxed SIMD, and to a module for hosts that
 * compile bytes, without: Node 20 does not know it. Both give the same bits.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const here = fileURLToPath(new URL(".", import.meta.url));
// The hash is the embedding kernel's, so paths begin where both are.
const shared = fileURLToPath(new URL("../../", import.meta.url));

/** @returns the module's bytes */
async function build(file, features) {
  const binaries = new Map();
  const { error } = await main(
    [
      "search/kernel/assembly/index.ts",
      ...["--baseDir", shared],
      ...["--outFile", file],
      ...["--runtime", "stub"],
      ...features.flatMap((feature) => ["--enable", feature]),
      ...["--initialMemory", "1"],
      "-O3",
      "--noAssert",
    ],
    { stderr: process.stderr, writeFile: (name, content) => binaries.set(name, content) },
  );
  if (error) process.exit(1);
  return binaries.get(file);
}

writeFileSync(`${here}search-kernel.wasm`, await build("search-kernel.wasm", ["simd", "relaxed-simd"]));
const base64 = Buffer.from(await build("search-kernel.wasm", ["simd"])).toString("base64");
writeFileSync(
  `${here}search-kernel-bytes.generated.ts`,
  `/** shared/search/kernel/search-kernel.wasm in base64, but without relaxed SIMD, made by \`npm run build\`. */\nexport const searchKernelBytes =\n  "${base64}";\n`,
);
