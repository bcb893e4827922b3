/** Refinement from end to end: a model, teachers and texts in, the content of a better model file out. */
import { createHash } from "node:crypto";
import type { ArtifactContent } from "../../shared/artifact/artifact-writer.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { NearvecError } from "../../shared/errors.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import type { WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";
import type { HubListener } from "../hub/hub-listener.ts";
import { packageJson } from "../own-package.ts";
import { seededRandom, shuffle } from "../seeded-random.ts";
import { quantizeRows } from "../table/quantize-rows.ts";
import { defaultThreads } from "../threads/thread-pool.ts";
import type { EpochQuality } from "./contrastive-training.ts";
import { Core } from "./core/core.ts";
import {
  checkRefineSettings,
  defaultRefineSettings,
  maxTextTokens,
  minTexts,
  type RefineSettings,
} from "./refine-options.ts";
import { cachePassages, embedPassages, textPassages, tokenPassages } from "./teacher-pass/embed-texts.ts";
import { OpenCaches } from "./teacher-pass/open-caches.ts";
import { openTextTeacher, type TeacherChoice } from "./teacher-pass/text-teacher.ts";
import { vectorsInCache, vectorsInMemory } from "./teacher-pass/vector-source.ts";
import { type TrainedTeacher, trainTable } from "./train-table.ts";

/** What a refinement tells while it works. */
export interface RefineListener extends HubListener {
  /** The teacher that passes over the texts, and how far it has got. */
  onTeacher(name: string, done: number, total: number): void;
  /** Seconds that a stage took. */
  onStage(stage: keyof RefineSeconds, seconds: number): void;
  onEpoch(quality: EpochQuality): void;
}

export interface RefineSeconds {
  /** Reading, tokenizing, the teachers' pass. */
  teachers: number;
  /** Principal components, targets, first table. */
  targets: number;
  leastSquares: number;
  contrastive: number;
}

export interface Refinement {
  readonly content: ArtifactContent;
  readonly trainTexts: number;
  readonly heldOutTexts: number;
  /** Texts of which the model knows no token. */
  readonly unusable: number;
  /** The curve, from before the first epoch on. */
  readonly curve: readonly EpochQuality[];
  /** Epochs that the table has in it: less than were asked for if held-out texts got worse. */
  readonly epochs: number;
  readonly seconds: RefineSeconds;
}

/**
 * Refines a model: keeps its tokenizer, and makes a new table whose pooled rows land where the teachers put
 * the texts. Every token gets a row of its own, even if tokens shared rows before.
 *
 * @param file the model file
 * @param texts to train on, without duplicates
 * @throws NearvecError what reading the model and the teachers can throw; invalid_request for too few texts
 *
 * @example
 * ```ts
 * const teachers = [{ directory: "teachers/all-MiniLM-L6-v2", weight: 1, pooling: "mean" }] as const;
 * const { content } = await refine(await readFile("model.safetensors"), texts, { teachers });
 * await writeFile("better.safetensors", writeArtifact(content));
 * ```
 */
export async function refine(
  file: Uint8Array,
  texts: readonly string[],
  options: Pick<RefineSettings, "teachers"> & Partial<RefineSettings>,
  listener: Partial<RefineListener> = {},
): Promise<Refinement> {
  const settings: RefineSettings = { ...defaultRefineSettings, ...options };
  checkRefineSettings(settings);
  const random = seededRandom(settings.seed);
  let last = performance.now();
  const seconds: RefineSeconds = { teachers: 0, targets: 0, leastSquares: 0, contrastive: 0 };
  const lap = (stage: keyof RefineSeconds): void => {
    seconds[stage] = (performance.now() - last) / 1000;
    last = performance.now();
    listener.onStage?.(stage, seconds[stage]);
  };

  const { metadata, tokenizer } = await readTable(file);
  if (tokenizer.kind !== "wordpiece") {
    throw new NearvecError(
      "tokenizer_unsupported",
      `Expected a model with a WordPiece tokenizer, got ${metadata.name} with ${tokenizer.kind}. Refine one that \`nearvec distill\` has made.`,
      { param: "model" },
    );
  }
  const model = await StaticModel.load(file);
  const usable = shuffle(
    texts.filter((text) => model.tokenize(text, { maxLength: maxTextTokens }).length > 0),
    random,
  );
  if (usable.length < minTexts) {
    throw new NearvecError(
      "invalid_request",
      `Expected at least ${minTexts} texts of which the model knows a token, got ${usable.length}. Give more with --corpus.`,
      { param: "corpus" },
    );
  }
  const tokens = tokensInOrder(decompileTokenizer(tokenizer).model as WordPieceJson);
  await using caches = new OpenCaches();
  const teachers: TrainedTeacher[] = [];
  for (const choice of settings.teachers) {
    teachers.push(await askTeacher(choice, usable, tokens, settings, listener, caches));
  }
  lap("teachers");

  const heldOutTexts = Math.min(settings.maxHeldOutTexts, Math.floor(usable.length * settings.heldOutShare));
  const trainTexts = usable.length - heldOutTexts;
  const dimensions = settings.dimensions ?? metadata.dimensions;
  const ids = usable.map((text) => model.tokenize(text, { maxLength: maxTextTokens }));
  const core = await Core.start(settings.threads ?? defaultThreads());
  const curve: EpochQuality[] = [];
  try {
    const { values, epochs } = await trainTable(
      core,
      ids,
      teachers,
      trainTexts,
      dimensions,
      settings,
      random,
      {
        onStage: lap,
        onEpoch: (quality) => {
          curve.push(quality);
          listener.onEpoch?.(quality);
        },
      },
    );
    return {
      content: {
        name: settings.name ?? `${metadata.name.slice(0, 100)}-refined`,
        rows: quantizeRows(values, dimensions),
        dimensions,
        tokenizer,
        normalize: true,
        maxLength: metadata.maxLength,
        pooling: settings.pooling,
        ...(settings.pooling === "distinct" ? { poolingWindow: settings.windowTokens } : {}),
        provenance: { ...unshared(metadata.provenance), ...provenanceOf(teachers, usable, settings) },
      },
      trainTexts,
      heldOutTexts,
      unusable: texts.length - usable.length,
      curve,
      epochs,
      seconds,
    };
  } finally {
    await core.close();
  }
}

async function askTeacher(
  choice: TeacherChoice,
  texts: readonly string[],
  tokens: readonly string[],
  settings: RefineSettings,
  listener: Partial<RefineListener>,
  caches: OpenCaches,
): Promise<TrainedTeacher> {
  const teacher = await openTextTeacher(choice, { ...settings, maxTokens: maxTextTokens }, listener);
  const { files, identity } = teacher;
  const name = choice.name ?? files.name;
  try {
    const onProgress = (done: number, total: number): void => listener.onTeacher?.(name, done, total);
    const ofTokens = await embedPassages(teacher, tokenPassages(teacher, tokens), settings.cache, onProgress);
    const passages = textPassages(teacher, texts);
    const cache = await cachePassages(teacher, passages, settings.cache, onProgress);
    caches.add(cache);
    return {
      name: files.origin === undefined ? name : `${files.origin.repo}@${files.origin.commit}`,
      identity,
      weight: choice.weight,
      texts: vectorsInCache(
        cache,
        passages.map(({ key }) => key),
      ),
      tokens: vectorsInMemory(ofTokens),
    };
  } finally {
    await teacher.teacher.close();
  }
}

/** Not `Object.keys`: JavaScript puts the keys that are numbers first. */
function tokensInOrder({ vocab }: WordPieceJson): string[] {
  return Object.entries(vocab)
    .sort(([, left], [, right]) => left - right)
    .map(([token]) => token);
}

/** What is said of the old table's quantized vocabulary is not true of the new one. */
function unshared({
  vocabulary_quantization: _,
  ...provenance
}: ArtifactContent["provenance"]): ArtifactContent["provenance"] {
  return provenance;
}

/** Enough to make the same table again, with the texts at hand: no paths and no times. */
function provenanceOf(
  teachers: readonly TrainedTeacher[],
  texts: readonly string[],
  settings: RefineSettings,
): Record<string, string> {
  const digest = createHash("sha256");
  for (const text of texts.toSorted()) digest.update(`${text}\n`);
  const { iterations, ridge, epochs, batchTexts, groupTexts, temperature, learningRate } = settings;
  const { whitening, seed } = settings;
  return {
    refined_by: `nearvec ${packageJson.version}`,
    refine_teachers: teachers
      .map(({ name, weight, identity }) => `${name} x ${weight} (${identity.join(", ")})`)
      .join("; "),
    refine_texts: String(texts.length),
    refine_texts_sha256: digest.digest("hex"),
    refine_sif: String(settings.sifCoefficient),
    refine_settings: JSON.stringify({
      iterations,
      ridge,
      epochs,
      batchTexts,
      groupTexts,
      temperature,
      learningRate,
      whitening,
      seed,
    }),
  };
}
