/** How to distill, and what stands in for what was not said. */
import type { Rows } from "../shared/artifact/artifact-writer.ts";
import { NearvecError } from "../shared/errors.ts";
import { isModelName } from "../shared/model-store/model-location.ts";
import { defaultClusterSeed } from "./table/share-rows.ts";
import { checkDimensions, checkSifCoefficient, type TableDimensions } from "./table/table-options.ts";
import type { Pooling } from "./teacher/pooling.ts";
import type { Runtime } from "./teacher/runtime.ts";
import type { VocabularySettings } from "./vocabulary/prepare-vocabulary.ts";
import { defaultRemovePattern } from "./vocabulary/remove-pattern.ts";

export interface DistillSettings extends VocabularySettings {
  readonly dimensions: TableDimensions;
  /** Power of its standard deviation that each principal component is divided by, 0 to 1; 0 as model2vec. */
  readonly whitening: number;
  /** Files and folders of text whose most frequent words become part of the vocabulary. */
  readonly vocabularyFrom?: readonly string[] | undefined;
  /** Fields or columns to read of both kinds of text; `textFields` if not given. */
  readonly corpusFields?: readonly string[] | undefined;
  /** Null for rows without weights; if not given, 1e-4 by rank and 1e-3 by the frequencies of a corpus. */
  readonly sifCoefficient?: number | null | undefined;
  /** Files and folders of text to measure the tokens' frequencies in; their ranks stand in if not given. */
  readonly sifCorpus?: readonly string[] | undefined;
  readonly rows: Rows["type"];
  /** Whether to rotate the dimensions first, which rows of 1 and 2 bits gain from. */
  readonly rotate: boolean;
  /** Rows that tokens share by k-means, before principal components; each token has its own if not given. */
  readonly vocabularyQuantization?: number | undefined;
  /** Seed of the k-means. */
  readonly seed: number;
  /** How the teacher pools; what it says itself, or the mean, if not given. */
  readonly pooling?: Pooling | undefined;
  readonly runtime: Runtime;
  /** Threads for the teacher; one per core if not given. */
  readonly threads?: number | undefined;
  /** The ONNX file, relative to the teacher's directory; the most precise one there if not given. */
  readonly onnxPath?: string | undefined;
  /** Name of the model; that of the teacher's directory with the dimensions if not given. */
  readonly name?: string | undefined;
  /** What the model file calls its teacher; the directory's name if not given. */
  readonly teacherName?: string | undefined;
  /** Licence of the teacher, which the model file repeats. */
  readonly license?: string | undefined;
}

/** As in model2vec 0.8 (`distill/distillation.py`, `distill`), but for rows of 8 bits, and the teacher's own pooling. */
export const defaultSettings: DistillSettings = {
  dimensions: 256,
  whitening: 0,
  rows: "int8",
  rotate: false,
  seed: defaultClusterSeed,
  tokenRemovePattern: defaultRemovePattern,
  subwords: true,
  corpusWords: { top: 50_000, minCount: 2 },
  runtime: "wasm",
};

/**
 * Checks what can be checked before the teacher runs, which takes long.
 * @throws NearvecError invalid_request
 */
export function checkSettings(settings: DistillSettings): void {
  const { threads, name, corpusWords } = settings;
  checkDimensions(settings.dimensions);
  if (settings.sifCoefficient !== undefined) checkSifCoefficient(settings.sifCoefficient);
  checkWhitening(settings);
  if (!settings.subwords && settings.vocabulary === undefined && settings.vocabularyFrom === undefined) {
    throw invalid(
      "Expected words to keep when subwords are dropped, got none. Give --vocabulary or --vocabulary-from.",
      "no-subword",
    );
  }
  checkCount("top", corpusWords.top);
  checkCount("min-count", corpusWords.minCount);
  if (threads !== undefined) checkCount("threads", threads);
  if (name !== undefined && !isModelName(name)) {
    throw invalid(
      `Expected a name of letters, digits, ".", "_" and "-", at most 128, got ${JSON.stringify(name)}.`,
      "name",
    );
  }
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw invalid(`Expected ${name} to be a whole number of at least 1, got ${value}.`, name);
}

function checkWhitening({ whitening, dimensions }: DistillSettings): void {
  if (!(whitening >= 0 && whitening <= 1)) {
    throw invalid(`Expected whiten to be a power from 0 to 1, such as 0.5, got ${whitening}.`, "whiten");
  }
  if (whitening > 0 && dimensions === "none") {
    throw invalid("Expected principal components to whiten, got --dims none. Use --dims auto.", "whiten");
  }
}

/** A name for a model that was not given one; what no name may hold becomes a hyphen. */
export function modelNameOf(teacher: string, dimensions: number): string {
  const stem = teacher.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[._-]+/, "");
  return `${stem.slice(0, 100) || "model"}-${dimensions}`;
}

function invalid(message: string, param: string): NearvecError {
  return new NearvecError("invalid_request", message, { param });
}
