/** The peer: what one would write without nearvec, a JavaScript tokenizer and a loop over int8 rows. */
import type { Tokenizer } from "@huggingface/tokenizers";
import { embeddingsTensor, scalesTensor } from "../../shared/artifact/artifact-header.ts";
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";
import {
  lengthPrefixBytes,
  parseHeader,
  readHeaderLength,
} from "../../shared/artifact/safetensors-header.ts";

export class JsStaticModel {
  readonly #tokenizer: Tokenizer;
  readonly #rows: Int8Array;
  readonly #scales: Float32Array;
  readonly #dimensions: number;
  readonly #unkTokenId: number | null;
  /** Tokens of which each is pooled once; 0 pools all. */
  readonly #window: number;

  /** @param file a model file of int8 rows, for the table alone */
  constructor(tokenizer: Tokenizer, file: ArrayBuffer, metadata: ModelMetadata) {
    const headerLength = readHeaderLength(new Uint8Array(file));
    const dataStart = lengthPrefixBytes + headerLength;
    const { tensors } = parseHeader(new Uint8Array(file, lengthPrefixBytes, headerLength));
    const rows = tensors.get(embeddingsTensor)!;
    const scales = tensors.get(scalesTensor)!;
    this.#tokenizer = tokenizer;
    this.#rows = new Int8Array(file, dataStart + rows.offset, rows.byteLength);
    this.#scales = new Float32Array(file, dataStart + scales.offset, scales.byteLength / 4);
    this.#dimensions = metadata.dimensions;
    this.#unkTokenId = metadata.unkTokenId;
    this.#window = metadata.pooling === "distinct" ? metadata.poolingWindow : 0;
  }

  /** The normalized mean of the rows of a text's tokens, pooled as the model says. */
  encode(text: string): Float32Array {
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: false });
    const dimensions = this.#dimensions;
    const rows = this.#rows;
    const sum = new Float32Array(dimensions);
    for (const id of this.#pooled(ids.filter((id: number) => id !== this.#unkTokenId))) {
      const scale = this.#scales[id]!;
      const row = id * dimensions;
      for (let i = 0; i < dimensions; i++) sum[i]! += rows[row + i]! * scale;
    }
    let squares = 0;
    for (let i = 0; i < dimensions; i++) squares += sum[i]! * sum[i]!;
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < dimensions; i++) sum[i]! *= factor;
    return sum;
  }

  #pooled(ids: number[]): number[] {
    if (this.#window === 0) return ids;
    const kept: number[] = [];
    for (let from = 0; from < ids.length; from += this.#window) {
      kept.push(...new Set(ids.slice(from, from + this.#window)));
    }
    return kept;
  }
}
