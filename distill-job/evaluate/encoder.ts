/** What is evaluated: anything that turns texts into vectors. */
import { createHash } from "node:crypto";
import { StaticModel } from "../../shared/static-model.ts";
import type { HubListener } from "../hub/hub-listener.ts";
import { readModelBytes } from "../model-file.ts";
import { openTextTeacher } from "../refine/teacher-pass/text-teacher.ts";
import { embedSequences } from "../teacher/embed-sequences.ts";
import type { Pooling } from "../teacher/pooling.ts";
import type { Runtime } from "../teacher/runtime.ts";
import { unitVectors, type Vectors } from "./vectors.ts";

export interface Encoder {
  /** Row of the leaderboard. */
  readonly name: string;
  /** Digest of the model, 12 digits: which one it was. */
  readonly revision: string;
  readonly dimensions: number;
  /** Tokens of a text that it reads at most. */
  readonly maxTokens: number;
  /** Bytes of the model file. */
  readonly bytes: number;
  /** Vectors of length 1, or of zeros where a text says nothing. */
  encode(texts: readonly string[]): Promise<Vectors>;
  close(): Promise<void>;
}

/** A model file. @throws NearvecError not_found, or what is wrong with the file */
export async function openModel(path: string): Promise<Encoder> {
  const file = await readModelBytes(path);
  const model = await StaticModel.load(file);
  const { dimensions } = model;
  return {
    name: model.metadata.name,
    revision: revisionOf(file),
    dimensions,
    maxTokens: model.metadata.maxLength,
    bytes: file.length,
    encode: async (texts) => {
      const values = new Float32Array(texts.length * dimensions);
      texts.forEach((text, i) => {
        model.encodeInto(text, values, i * dimensions);
      });
      return unitVectors({ values, rows: texts.length, dimensions });
    },
    close: async () => {},
  };
}

export interface TeacherSettings {
  /** Its directory's name if not given. */
  readonly name?: string | undefined;
  readonly directory: string;
  /** What it says itself, or the mean, if not given. */
  readonly pooling?: Pooling | undefined;
  readonly runtime: Runtime;
  readonly maxTokens: number;
}

/**
 * A transformer, by its directory or its name on the hub.
 * @param onProgress called with the texts done so far
 * @param listener told of downloads from the hub
 * @throws NearvecError not_found, tokenizer_unsupported, teacher_invalid, invalid_request
 */
export async function openTeacherEncoder(
  { name, directory, pooling, runtime, maxTokens }: TeacherSettings,
  onProgress: (done: number, total: number) => void = () => {},
  listener?: Partial<HubListener>,
): Promise<Encoder> {
  const teacher = await openTextTeacher({ directory, weight: 1, pooling }, { runtime, maxTokens }, listener);
  return {
    name: name ?? teacher.files.name,
    revision: teacher.files.onnxSha256.slice(0, 12),
    dimensions: teacher.dimensions,
    maxTokens,
    bytes: teacher.files.onnx.length,
    encode: async (texts) => {
      const sequences = texts.map((text) => teacher.tokenize(text));
      const report = (done: number): void => onProgress(done, texts.length);
      return unitVectors(await embedSequences(teacher.teacher, sequences, teacher.padId, report));
    },
    close: () => teacher.teacher.close(),
  };
}

function revisionOf(file: Uint8Array): string {
  return createHash("sha256").update(file).digest("hex").slice(0, 12);
}
