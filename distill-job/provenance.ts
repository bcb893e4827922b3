/** Where a model comes from, as its file says it. */
import type { DistillSettings } from "./distill-options.ts";
import { packageJson } from "./own-package.ts";
import { defaultCorpusSifCoefficient, defaultSifCoefficient } from "./table/sif-weights.ts";
import { choosePooling } from "./teacher/declared-pooling.ts";
import { type LocatedTeacher, teacherName } from "./teacher/read-teacher.ts";

/**
 * The teacher with its digests, and the recipe: enough to make the same file again. No paths, no times and
 * no thread counts: they would change the bytes without changing the model.
 *
 * @param runtime name and version of what ran the teacher
 */
export function provenanceOf(
  files: LocatedTeacher,
  settings: DistillSettings,
  runtime: string,
): Record<string, string> {
  const license = settings.license ?? files.license;
  return {
    teacher: settings.teacherName ?? teacherName(files),
    ...(files.origin === undefined ? {} : { teacher_revision: files.origin.commit }),
    teacher_file: files.onnxPath,
    teacher_sha256: files.onnxSha256,
    ...(files.externalDataSha256 === undefined ? {} : { teacher_data_sha256: files.externalDataSha256 }),
    teacher_tokenizer_sha256: files.tokenizerSha256,
    ...(license === undefined ? {} : { license }),
    pooling: choosePooling(settings.pooling, files),
    ...(settings.vocabularyQuantization === undefined
      ? {}
      : {
          vocabulary_quantization: `${settings.vocabularyQuantization} clusters, seed ${settings.seed}`,
        }),
    pca: String(settings.dimensions),
    ...(settings.whitening === 0 ? {} : { whitening: String(settings.whitening) }),
    sif: sifOf(settings),
    ...(settings.rotate ? { rotation: "random" } : {}),
    ...vocabularyOf(settings),
    token_remove_pattern: settings.tokenRemovePattern ?? "none",
    runtime,
    nearvec: packageJson.version,
  };
}

function sifOf({ sifCoefficient, sifCorpus }: DistillSettings): string {
  if (sifCoefficient === null) return "none";
  return sifCorpus === undefined
    ? String(sifCoefficient ?? defaultSifCoefficient)
    : `${sifCoefficient ?? defaultCorpusSifCoefficient}, by the frequencies of a corpus`;
}

function vocabularyOf(settings: DistillSettings): { readonly vocabulary?: string } {
  const { vocabulary, vocabularyFrom, corpusWords, subwords } = settings;
  if (vocabulary === undefined && vocabularyFrom === undefined) return {};
  const parts = [
    ...(subwords ? ["the teacher's"] : []),
    ...(vocabulary === undefined ? [] : [`${vocabulary.length} entries`]),
    ...(vocabularyFrom === undefined
      ? []
      : [`the ${corpusWords.top} words of a corpus that come most, at least ${corpusWords.minCount} times`]),
  ];
  return { vocabulary: parts.join(" and ") + (subwords ? "" : " alone") };
}
