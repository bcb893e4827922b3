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
  }

  /** The normalized mean of the rows of a text's tokens. */
  encode(text: string): Float32Array {
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: false });
    const dimensions = this.#dimensions;
    const rows = this.#rows;
    const sum = new Float32Array(dimensions);
    for (const id of ids) {
      if (id === this.#unkTokenId) continue;
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
}
