/** A teacher in an ONNX file: token ids in, one vector per sequence out. */
import type { InferenceSession, Tensor } from "onnxruntime-web";
import { NearvecError } from "../../shared/errors.ts";
import type { ExternalData } from "./external-data.ts";
import { isTeacherPooling, type Pooling, poolHiddenStates, teacherPoolings } from "./pooling.ts";
import { attentionMask, type TokenBatch } from "./token-batch.ts";

/** What is used of an onnxruntime package: they have one API, so this file serves them all. */
export interface OnnxRuntime {
  /** Name and version: `onnxruntime-web 1.30.0`. */
  readonly version: string;
  createSession(model: Uint8Array, weights: readonly ExternalData[]): Promise<InferenceSession>;
  createTensor(data: BigInt64Array, shape: readonly number[]): Tensor;
}

/** Names under which teachers give their hidden states; the first one found is used. */
const hiddenStateOutputs = ["last_hidden_state", "token_embeddings"];
/** Errors are thrown; 4 keeps the runtime from printing them as well. */
const quiet = { logSeverityLevel: 4 } as const;
const knownInputs = ["input_ids", "attention_mask", "token_type_ids"];

/** One session on one ONNX file. */
export class OnnxTeacher {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #pooling: Pooling;
  readonly #output: string;

  private constructor(runtime: OnnxRuntime, session: InferenceSession, pooling: Pooling) {
    this.#runtime = runtime;
    this.#session = session;
    this.#pooling = pooling;
    this.#output = chooseOutput(session.outputNames, pooling);
    checkInputs(session.inputNames);
  }

  /**
   * @param model content of the ONNX file
   * @param weights what it keeps in other files
   * @throws NearvecError teacher_invalid if it does not load, or has other inputs or outputs than a teacher's
   */
  static async load(
    runtime: OnnxRuntime,
    model: Uint8Array,
    weights: readonly ExternalData[],
    pooling: Pooling,
  ): Promise<OnnxTeacher> {
    let session: InferenceSession;
    try {
      session = await runtime.createSession(model, weights);
    } catch (cause) {
      throw invalid(
        `Expected an ONNX file that ${runtime.version} loads, got: ${firstLine(cause)}. Download it again, or choose another with --onnx.`,
        cause,
      );
    }
    return new OnnxTeacher(runtime, session, pooling);
  }

  /**
   * Runs one batch and pools it.
   *
   * @returns rows x dimensions values
   * @throws NearvecError teacher_invalid
   */
  async embed(batch: TokenBatch): Promise<Float32Array> {
    const rows = batch.lengths.length;
    const output = await this.#run(batch);
    const { dims } = output;
    const values = await floatsOf(output);
    const shape = isTeacherPooling(this.#pooling) ? [rows] : [rows, batch.length];
    if (String(dims.slice(0, -1)) !== String(shape) || values.length === 0) {
      throw invalid(
        `Expected output ${this.#output} to have shape [${shape}, dimensions], got [${dims}]. Choose another file with --onnx.`,
      );
    }
    if (isTeacherPooling(this.#pooling)) return values;
    const hidden = { values, rows, length: batch.length, dimensions: dims.at(-1)! };
    return poolHiddenStates(hidden, batch.lengths, this.#pooling);
  }

  async #run(batch: TokenBatch): Promise<Tensor> {
    const shape = [batch.lengths.length, batch.length];
    const tensor = (data: BigInt64Array): Tensor => this.#runtime.createTensor(data, shape);
    const feeds: Record<string, Tensor> = { input_ids: tensor(batch.ids) };
    const takes = (input: string): boolean => this.#session.inputNames.includes(input);
    if (takes("attention_mask")) feeds.attention_mask = tensor(attentionMask(batch));
    if (takes("token_type_ids")) feeds.token_type_ids = tensor(new BigInt64Array(batch.ids.length));
    try {
      // Naming the output keeps the others from being computed and copied.
      const outputs = await this.#session.run(feeds, [this.#output], quiet);
      return outputs[this.#output]!;
    } catch (cause) {
      throw invalid(
        `Expected the teacher to take the ids of its own tokenizer, got: ${firstLine(cause)}. Check that tokenizer.json and the ONNX file belong together.`,
        cause,
      );
    }
  }
}

function chooseOutput(found: readonly string[], pooling: Pooling): string {
  const wanted = isTeacherPooling(pooling) ? [teacherPoolings[pooling]] : hiddenStateOutputs;
  const output = wanted.find((name) => found.includes(name));
  if (output !== undefined) return output;
  const offered = Object.entries(teacherPoolings).find(([, name]) => found.includes(name));
  const advice = offered ? `Use --pooling ${offered[0]}` : "Choose another file with --onnx";
  throw invalid(
    `Expected the ONNX file to have an output ${wanted.join(" or ")} for ${pooling} pooling, it has ${found.join(", ")}. ${advice}.`,
  );
}

function checkInputs(found: readonly string[]): void {
  if (found.includes("input_ids") && found.every((name) => knownInputs.includes(name))) return;
  throw invalid(
    `Expected the ONNX file to take input_ids and at most attention_mask and token_type_ids, it takes ${found.join(", ")}. Export the plain encoder, without a cache.`,
  );
}

async function floatsOf(tensor: Tensor): Promise<Float32Array> {
  const data = await tensor.getData();
  if (data instanceof Float32Array) return data;
  // Where JavaScript has no Float16Array, the runtimes give the bits instead.
  if (tensor.type === "float16" && !(data instanceof Uint16Array))
    return Float32Array.from(data as Iterable<number>);
  throw invalid(`Expected the teacher's output to be float32 or float16, got ${tensor.type}.`);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .split("\n", 1)[0]!
    .slice(0, 300);
}

function invalid(message: string, cause?: unknown): NearvecError {
  return new NearvecError("teacher_invalid", message, { param: "onnx", cause });
}
