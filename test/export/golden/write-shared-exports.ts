/** Writes the noise model whose tokens share rows for Python: `node write-shared-exports.ts DIRECTORY`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDirectory } from "../../../distill-job/export/directory-content.ts";
import { exportedModel } from "../../../distill-job/export/exported-model.ts";
import { exportsForPython } from "../exports-for-python.ts";
import { parityTexts, sharedNoiseModel } from "../noise-model.ts";

const directory = process.argv[2]!;
await mkdir(directory, { recursive: true });
await writeFile(join(directory, "texts.json"), JSON.stringify(parityTexts));
const exports = exportsForPython(await exportedModel(sharedNoiseModel()));
for (const [name, content] of Object.entries(exports)) await writeDirectory(join(directory, name), content);
