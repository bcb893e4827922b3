/** StaticModel: texts to vectors, in Node, browsers and Workers alike. */
import { type LoadedArtifact, readArtifact } from "./artifact/artifact-reader.ts";
import type { ModelMetadata } from "./artifact/model-metadata.ts";
import { chunksOf, type ModelSource } from "./artifact/model-source.ts";
import { tableViews } from "./artifact/table-views.ts";
import { NearvecError } from "./errors.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { configureKernel, trapsAsErrors } from "./kernel/resident-model.ts";
import { maxArtifactBytes } from "./limits.ts";
import { decodePieces, pieceText } from "./tokenizer/decode-pieces.ts";
import { type PieceFinder, pieceFinder, type TokenPiece } from "./tokenizer/token-pieces.ts";
import { writeAscii } from "./write-ascii.ts";

export interface LoadOptions {
  /** Bytes that the source must have, where that is known: a shorter or longer one is refused. */
  readonly size?: number;
  /** Bytes of the largest model file to accept; 3 GiB if not given. */
  readonly maxBytes?: number;
}

export interface LengthOptions {
  /** Tokens to keep at most; null keeps them all. */
  readonly maxLength?: number | null | undefined;
}

export interface TokenizeOptions extends LengthOptions {
  /** Whether the ids of unknown tokens stay in, as a teacher would see them; they are left out if not given. */
  readonly keepUnknown?: boolean;
}

export interface SequenceOptions extends LengthOptions {
  /** Dimensions to keep, from the first on. */
  readonly dimensions?: number | undefined;
}

export interface EncodeOptions extends SequenceOptions {
  /** Whether vectors get length 1; the model's own setting if not given. */
  readonly normalize?: boolean | undefined;
}

const noLimit = 0xffff_ffff;
/** UTF-16 units up to which ASCII is written faster without the encoder. */
const shortText = 256;
const encoder = new TextEncoder();

/**
 * A static embedding model: a tokenizer and a table of one vector per token.
 *
 * @example
 * ```ts
 * const model = await StaticModel.load(await fetch("https://example.com/model.safetensors"));
 * const vector = model.encode("a horse in the rain"); // Float32Array of model.dimensions
 * const vectors = model.encode(["a text", "another"], { dimensions: 128 });
 * ```
 */
export class StaticModel {
  readonly metadata: ModelMetadata;
  readonly #artifact: LoadedArtifact;
  readonly #kernel: Kernel;
  /** Made when a token's text is first asked for: embedding needs none. */
  #pieceFinder: PieceFinder | undefined;
  // Views of the kernel's memory; growing it detaches them.
  #buffer!: ArrayBuffer;
  #input!: Uint8Array;
  #output!: Float32Array;

  private constructor(artifact: LoadedArtifact) {
    this.#artifact = artifact;
    this.#kernel = artifact.kernel;
    this.metadata = artifact.metadata;
    this.#view();
  }

  /**
   * Loads a model file while it arrives.
   *
   * @throws NearvecError artifact_truncated, artifact_corrupt, artifact_invalid, artifact_version_unsupported,
   *   model_too_large
   *
   * @example
   * ```ts
   * const model = await StaticModel.load(await readFile("model.safetensors"));
   * ```
   */
  static async load(source: ModelSource, options: LoadOptions = {}): Promise<StaticModel> {
    const { chunks, size } = chunksOf(source);
    const artifact = await readArtifact(
      { chunks, size: options.size ?? size },
      options.maxBytes ?? maxArtifactBytes,
    );
    configureKernel(artifact);
    return new StaticModel(artifact);
  }

  /** Dimensions of a vector. */
  get dimensions(): number {
    return this.metadata.dimensions;
  }

  /** Bytes of memory that the model takes, its working space included. */
  get byteLength(): number {
    return this.#kernel.memory.buffer.byteLength + (this.#pieceFinder?.byteLength ?? 0);
  }

  /**
   * Turns a text into a vector, or several texts into several.
   *
   * A text is cut to maxLength x the median token length in code points, tokenized without special tokens,
   * freed of unknown tokens, cut to maxLength tokens; its vector is the mean of their rows, divided by its
   * norm if the model normalizes (model2vec 0.8, `StaticModel.encode`). A text without tokens gives zeros.
   *
   * @returns Float32Array of `dimensions` values; several share one buffer
   * @throws NearvecError invalid_request for options out of range
   */
  encode(text: string, options?: EncodeOptions): Float32Array;
  encode(texts: readonly string[], options?: EncodeOptions): Float32Array[];
  encode(input: string | readonly string[], options: EncodeOptions = {}): Float32Array | Float32Array[] {
    const width = this.#width(options.dimensions);
    if (typeof input === "string") {
      const vector = new Float32Array(width);
      this.encodeInto(input, vector, 0, options);
      return vector;
    }
    const matrix = new Float32Array(input.length * width);
    return input.map((text, i) => {
      this.encodeInto(text, matrix, i * width, options);
      return matrix.subarray(i * width, (i + 1) * width);
    });
  }

  /**
   * Writes the vector of a text, or of token ids of this model's own, into `output` from `offset` on.
   *
   * @returns how many tokens the vector was made of
   * @throws NearvecError invalid_request for options or ids out of range
   */
  encodeInto(
    input: string | ArrayLike<number>,
    output: Float32Array,
    offset: number,
    options: EncodeOptions = {},
  ): number {
    const width = this.#width(options.dimensions);
    const maxTokens = this.#maxTokens(options.maxLength, this.metadata.maxLength);
    const normalize = Number(options.normalize ?? this.metadata.normalize);
    let tokens: number;
    if (typeof input === "string") {
      const codePoints = this.#maxCodePoints(maxTokens);
      const bytes = this.#write(input, codePoints);
      tokens = this.#run(() => this.#kernel.encode(bytes, codePoints, maxTokens, width, normalize));
    } else {
      tokens = this.#writeIds(input, maxTokens);
      this.#run(() => this.#kernel.poolIds(0, tokens, width, normalize));
    }
    output.set(width === this.#output.length ? this.#output : this.#output.subarray(0, width), offset);
    return tokens;
  }

  /**
   * The rows of a text's tokens, one vector per token, neither averaged nor normalized.
   *
   * @param options maxLength: all tokens if not given, as in model2vec
   */
  encodeAsSequence(text: string, options?: SequenceOptions): Float32Array[];
  encodeAsSequence(texts: readonly string[], options?: SequenceOptions): Float32Array[][];
  encodeAsSequence(
    input: string | readonly string[],
    options: SequenceOptions = {},
  ): Float32Array[] | Float32Array[][] {
    if (typeof input !== "string") return input.map((text) => this.encodeAsSequence(text, options));
    const width = this.#width(options.dimensions);
    const count = this.#tokenize(input, options.maxLength);
    const matrix = new Float32Array(count * width);
    return Array.from({ length: count }, (_, i) => {
      this.#run(() => this.#kernel.poolIds(i, 1, width, 0));
      const row = matrix.subarray(i * width, (i + 1) * width);
      row.set(this.#output.subarray(0, width));
      return row;
    });
  }

  /**
   * The ids of a text's tokens: rows of this model's table, unless tokens share rows.
   *
   * @param options maxLength: all tokens if not given, as in model2vec
   */
  tokenize(text: string, options?: TokenizeOptions): Uint32Array;
  tokenize(texts: readonly string[], options?: TokenizeOptions): Uint32Array[];
  tokenize(input: string | readonly string[], options: TokenizeOptions = {}): Uint32Array | Uint32Array[] {
    if (typeof input !== "string") return input.map((text) => this.tokenize(text, options));
    const count = this.#tokenize(input, options.maxLength, options.keepUnknown);
    return new Uint32Array(this.#kernel.memory.buffer, this.#kernel.idsPointer(), count).slice();
  }

  /**
   * The token that each id stands for; undefined for ids that no text can have.
   *
   * @throws NearvecError invalid_request for an id beyond the vocabulary
   */
  pieces(ids: ArrayLike<number>): (TokenPiece | undefined)[] {
    const tables = tableViews(this.#artifact);
    this.#pieceFinder ??= pieceFinder(this.metadata, tables);
    const { find } = this.#pieceFinder;
    return Array.from(ids, (id, i) => {
      this.#checkId(id, i);
      return find(id, tables);
    });
  }

  /**
   * Each token as its tokenizer.json has it, `##` and `▁` included; empty for an id that no text can have.
   *
   * @throws NearvecError invalid_request for an id beyond the vocabulary
   */
  tokenTexts(ids: ArrayLike<number>): string[] {
    return this.pieces(ids).map((piece) => (piece === undefined ? "" : pieceText(piece, this.metadata)));
  }

  /**
   * The text that token ids stand for, as the tokenizer's own decoder would put it together.
   *
   * @param options skipSpecial: whether unknown and other special tokens are left out; they are if not given
   * @throws NearvecError invalid_request for an id beyond the vocabulary
   *
   * @example
   * ```ts
   * model.decode(model.tokenize("a horse in the rain")); // "a horse in the rain"
   * ```
   */
  decode(ids: ArrayLike<number>, { skipSpecial = true }: { readonly skipSpecial?: boolean } = {}): string {
    const pieces = this.pieces(ids).filter((piece) => piece !== undefined);
    return decodePieces(skipSpecial ? pieces.filter(({ special }) => !special) : pieces, this.metadata);
  }

  #tokenize(text: string, maxLength: number | null | undefined, keepUnknown = false): number {
    const maxTokens = this.#maxTokens(maxLength, noLimit);
    const codePoints = this.#maxCodePoints(maxTokens);
    const bytes = this.#write(text, codePoints);
    return this.#run(() => this.#kernel.tokenize(bytes, codePoints, maxTokens, Number(keepUnknown)));
  }

  /** Writes a text, or as much of it as can matter, into the kernel's memory; returns its bytes. */
  #write(text: string, maxCodePoints: number): number {
    // A code point has at most two UTF-16 units, so the rest cannot be among the first maxCodePoints.
    const relevant = text.length > maxCodePoints * 2 ? text.slice(0, maxCodePoints * 2) : text;
    // A UTF-16 unit becomes at most three bytes.
    if (relevant.length * 3 > this.#input.length) this.#reserve(relevant.length * 3);
    if (relevant.length <= shortText && writeAscii(relevant, this.#input, 0)) return relevant.length;
    return encoder.encodeInto(relevant, this.#input).written;
  }

  #writeIds(ids: ArrayLike<number>, maxTokens: number): number {
    const { unkTokenId } = this.metadata;
    if (ids.length > this.#kernel.idsCapacityTokens()) this.#reserve(ids.length);
    const target = new Uint32Array(this.#kernel.memory.buffer, this.#kernel.idsPointer(), ids.length);
    let count = 0;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      this.#checkId(id, i);
      if (id !== unkTokenId && count < maxTokens) target[count++] = id;
    }
    return count;
  }

  #checkId(id: number, position: number): void {
    const { vocabularySize } = this.metadata;
    if (Number.isInteger(id) && id >= 0 && id < vocabularySize) return;
    throw new NearvecError(
      "invalid_request",
      `Expected token ids from 0 to ${vocabularySize - 1}, got ${id}.`,
      { param: `[${position}]` },
    );
  }

  #reserve(bytes: number): void {
    if (!this.#kernel.reserve(bytes)) {
      throw new NearvecError(
        "invalid_request",
        `Expected a text that fits into memory, got one of up to ${bytes} bytes. Set maxLength or split it.`,
      );
    }
    this.#view();
  }

  #view(): void {
    const kernel = this.#kernel;
    this.#buffer = kernel.memory.buffer;
    this.#input = new Uint8Array(this.#buffer, kernel.inputPointer(), kernel.inputCapacityBytes());
    this.#output = new Float32Array(this.#buffer, kernel.outputPointer(), this.metadata.dimensions);
  }

  #run<Result>(call: () => Result): Result {
    return trapsAsErrors(this.metadata.name, call);
  }

  #width(dimensions: number | undefined): number {
    const all = this.metadata.dimensions;
    if (dimensions === undefined || dimensions === all) return all;
    if (this.metadata.rotated) {
      throw new NearvecError(
        "invalid_request",
        `Expected no dimensions, or ${all}, got ${dimensions}: the dimensions of model ${this.metadata.name} were rotated, so the first ones say no more than the others. Use a model that was not, or all of them.`,
        { param: "dimensions" },
      );
    }
    if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= all) return dimensions;
    throw new NearvecError(
      "invalid_request",
      `Expected dimensions to be a whole number from 1 to ${all}, got ${dimensions}.`,
      { param: "dimensions" },
    );
  }

  #maxTokens(maxLength: number | null | undefined, otherwise: number): number {
    if (maxLength === undefined) return otherwise;
    if (maxLength === null) return noLimit;
    if (Number.isInteger(maxLength) && maxLength >= 0 && maxLength < noLimit) return maxLength;
    throw new NearvecError(
      "invalid_request",
      `Expected maxLength to be a whole number of tokens or null, got ${maxLength}.`,
      { param: "maxLength" },
    );
  }

  #maxCodePoints(maxTokens: number): number {
    return Math.min(noLimit, maxTokens === noLimit ? noLimit : maxTokens * this.metadata.medianTokenLength);
  }
}
