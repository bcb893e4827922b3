/** Distillation from end to end: a teacher's directory in, the content of a model file out. */
import type { ArtifactContent } from "../shared/artifact/artifact-writer.ts";
import { defaultMaxLengthTokens } from "../shared/limits.ts";
import type { CompiledTokenizer } from "../shared/tokenizer/compiled-tokenizer.ts";
import type { TokenizerJson } from "../shared/tokenizer/tokenizer-json.ts";
import { readTextBatches, readTexts } from "./corpus/read-texts.ts";
import { countTokens } from "./corpus/token-counts.ts";
import type { DistillListener } from "./distill-listener.ts";
import { checkSettings, type DistillSettings, defaultSettings, modelNameOf } from "./distill-options.ts";
import { provenanceOf } from "./provenance.ts";
import { makeTable, type Table } from "./table/make-table.ts";
import { rotateDimensions } from "./table/rotate-dimensions.ts";
import { checkClusters, shareRows } from "./table/share-rows.ts";
import {
  corpusSifWeights,
  defaultCorpusSifCoefficient,
  defaultSifCoefficient,
  sifWeights,
} from "./table/sif-weights.ts";
import { storeRows } from "./table/store-rows.ts";
import { checkAgainstTeacher } from "./table/table-options.ts";
import { choosePooling } from "./teacher/declared-pooling.ts";
import { embedSequences, type TeacherVectors } from "./teacher/embed-sequences.ts";
import { readTeacher } from "./teacher/read-teacher.ts";
import { openTeacher, type Teacher } from "./teacher/teacher.ts";
import { tokenBatch } from "./teacher/token-batch.ts";
import { countWords } from "./vocabulary/count-words.ts";
import { type PreparedVocabulary, prepareVocabulary } from "./vocabulary/prepare-vocabulary.ts";

export interface Distillation {
  /** What `writeArtifact` makes a model file of. */
  readonly content: ArtifactContent;
  /** The rows as they were before their values were quantized; without the tokens' weights if tokens share rows. */
  readonly table: Table;
  /** The table's tokenizer, as a tokenizer.json. */
  readonly tokenizerJson: TokenizerJson;
  /** What became of the words that were added; null where there were none. */
  readonly customVocabulary: PreparedVocabulary["custom"];
  /** What became of the words of a corpus; null where there was none. */
  readonly corpusVocabulary: PreparedVocabulary["fromCorpus"];
  readonly seconds: DistillSeconds;
}

/** Seconds that the parts took. */
export interface DistillSeconds {
  /** Reading files, cleaning the vocabulary, loading the teacher. */
  readonly prepare: number;
  /** Running the teacher. */
  readonly teacher: number;
  /** Clusters, principal components, weights, quantization. */
  readonly table: number;
}

/**
 * Distills a teacher into a table of one vector per token, as model2vec 0.8 does
 * (`distill/distillation.py`, `distill_from_model`).
 *
 * @param source directory with tokenizer.json and an ONNX file, or `hf:org/name[@revision]`
 * @param options what differs from `defaultSettings`
 * @param listener told how far it has got
 * @throws NearvecError not_found, tokenizer_unsupported, teacher_invalid, invalid_request, and what the hub gives
 *
 * @example
 * ```ts
 * const { content } = await distill("teachers/all-MiniLM-L6-v2", { dimensions: 128 });
 * await writeFile("model.safetensors", writeArtifact(content));
 * ```
 */
export async function distill(
  source: string,
  options: Partial<DistillSettings> = {},
  listener: Partial<DistillListener> = {},
): Promise<Distillation> {
  const settings = { ...defaultSettings, ...options };
  const lap = stopwatch();
  checkSettings(settings);
  const files = await readTeacher(source, settings.onnxPath, listener);
  const pooling = choosePooling(settings.pooling, files);
  const { vocabularyFrom, sifCorpus, corpusFields } = settings;
  const wordCounts =
    vocabularyFrom && (await countWords(readTextBatches(vocabularyFrom, corpusFields), listener.onWords));
  const vocabulary = await prepareVocabulary(files.tokenizer, files.padToken, settings, wordCounts);
  const { tokenizer } = vocabulary;
  const counts = sifCorpus === undefined ? null : await countCorpus(tokenizer, sifCorpus, corpusFields);

  const teacher = await openTeacher(files, { ...settings, pooling });
  const prepareSeconds = lap();
  const vectors = await embedTokens(teacher, vocabulary, settings, listener).finally(() => teacher.close());
  const teacherSeconds = lap();

  const { dimensions, whitening, threads, vocabularyQuantization: clusters, seed } = settings;
  const weights = weightsOf(settings, vocabulary.sequences.length, counts);
  const shared =
    clusters === undefined
      ? null
      : await shareRows(vectors.values, vectors.dimensions, { clusters, weights, seed, threads }, listener);
  const table =
    shared === null
      ? await makeTable(vectors, { dimensions, weights, whitening, threads })
      : await makeTable(sharedVectors(shared.values, vectors), {
          dimensions,
          weights: null,
          whitening,
          threads,
        });
  const values = settings.rotate ? rotateDimensions(table.values, table.dimensions) : table.values;
  const rows = storeRows(values, table.dimensions, settings.rows);
  return {
    content: {
      name: settings.name ?? modelNameOf(files.name, table.dimensions),
      rows,
      ...(shared && { mapping: shared.mapping }),
      dimensions: table.dimensions,
      tokenizer,
      rotated: settings.rotate,
      normalize: true,
      maxLength: defaultMaxLengthTokens,
      provenance: provenanceOf(files, settings, teacher.runtime),
    },
    table,
    tokenizerJson: vocabulary.json,
    customVocabulary: vocabulary.custom,
    corpusVocabulary: vocabulary.fromCorpus,
    seconds: { prepare: prepareSeconds, teacher: teacherSeconds, table: lap() },
  };
}

function sharedVectors(values: Float32Array, { dimensions }: TeacherVectors): TeacherVectors {
  return { values, rows: values.length / dimensions, dimensions };
}

async function countCorpus(
  tokenizer: CompiledTokenizer,
  paths: readonly string[],
  fields?: readonly string[],
): Promise<Float64Array> {
  const texts = await Promise.all(paths.map((path) => readTexts(path, fields)));
  return countTokens(tokenizer, texts.flat());
}

/** By measured frequency where there is a corpus, else by rank; null for rows without weights. */
function weightsOf(
  { sifCoefficient }: DistillSettings,
  rows: number,
  counts: Float64Array | null,
): Float64Array | null {
  if (sifCoefficient === null) return null;
  if (counts !== null) return corpusSifWeights(counts, sifCoefficient ?? defaultCorpusSifCoefficient);
  return sifWeights(rows, sifCoefficient ?? defaultSifCoefficient);
}

/** Runs the teacher over all tokens, once it is clear that its vectors will do. */
async function embedTokens(
  teacher: Teacher,
  { sequences, padId }: PreparedVocabulary,
  { dimensions, vocabularyQuantization: clusters }: DistillSettings,
  { onTokens }: Partial<DistillListener>,
): Promise<TeacherVectors> {
  const total = sequences.length;
  if (clusters !== undefined) checkClusters(clusters, total);
  const sample = await teacher.embed(tokenBatch(sequences.slice(0, 1), padId));
  checkAgainstTeacher(dimensions, clusters ?? total, sample.length);
  return embedSequences(teacher, sequences, padId, (done) => onTokens?.(done, total));
}

/** Each call returns the seconds since the one before. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}
