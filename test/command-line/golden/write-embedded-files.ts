/** Writes the files that read-embedded-files.py reads: `node write-embedded-files.ts FOLDER`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tinyModel } from "../../workerd/tiny-model.ts";
import { runNearvec } from "../run-nearvec.ts";
import { embeddedFiles, embeddedTexts } from "./embedded-files.ts";

const folder = process.argv[2]!;
await mkdir(folder, { recursive: true });
const model = join(folder, "tiny-model");
await writeFile(model, tinyModel());
for (const [name, options] of Object.entries(embeddedFiles)) {
  const args = ["embed", "--model", model, "-o", join(folder, name), ...options];
  const { code, stderr } = await runNearvec(args, { stdin: embeddedTexts.join("\n") });
  if (code !== 0) throw new Error(stderr);
}
