/** `npm run distill:default`: makes models/all-minilm-l6-v2-256.safetensors again, byte for byte. */
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { distillProgress } from "../output/distill-progress.ts";
import { formatSummary, summarize } from "../output/distill-summary.ts";
import { replaceFile } from "../output/replace-file.ts";
import { defaultModelPath, distillDefaultModel } from "./default-model.ts";

const started = performance.now();
const progress = distillProgress(process.stderr);
const distillation = await distillDefaultModel({}, progress).finally(() => progress.stop());
const bytes = writeArtifact(distillation.content);
await replaceFile(defaultModelPath, bytes);
const summary = summarize(distillation, defaultModelPath, bytes, (performance.now() - started) / 1000);
process.stdout.write(`${formatSummary(summary)}\n`);
