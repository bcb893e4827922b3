/** Builds the kernel: shared/kernel/assembly to kernel.wasm and, for hosts that cannot import it, to a module. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const here = fileURLToPath(new URL(".", import.meta.url));
const { error } = await main(
  [
    "assembly/index.ts",
    ...["--baseDir", here],
    ...["--outFile", "kernel.wasm"],
    ...["--runtime", "stub"],
    ...["--enable", "simd"],
    ...["--initialMemory", "1"],
    "-O3",
    "--noAssert",
  ],
  { stderr: process.stderr },
);
if (error) process.exit(1);
const base64 = readFileSync(`${here}kernel.wasm`).toString("base64");
writeFileSync(
  `${here}kernel-bytes.generated.ts`,
  `/** shared/kernel/kernel.wasm in base64, made by \`npm run build\`. */\nexport const kernelBytes =\n  "${base64}";\n`,
);
