/**
 * The JSON of an answer while it is put together: one buffer of bytes for all of it.
 *
 * Strings would be made for every vector, joined, and turned into bytes again; 256 vectors of 256 numbers are 350 kB.
 */
import { VectorPrinter } from "../../shared/kernel/vector-printer.ts";
import { writeAscii } from "../../shared/write-ascii.ts";

const encoder = new TextEncoder();

/** Made when it is first used: its memory is an isolate's. */
let printer: VectorPrinter | undefined;

/** UTF-16 units up to which a loop copies a text faster than the encoder, which needs a view of where to write. */
const shortText = 96;

/** Bytes of the buffers that are made, and of the largest that is kept for the next answer. */
const leastBytes = 16 * 1024;
const mostSpareBytes = 1024 * 1024;

/**
 * A buffer that no answer is using. In workerd a new one for every answer costs more than embedding a text: memory from
 * outside the heap, cleared, and given back by the garbage collector.
 */
let spare: Uint8Array<ArrayBuffer> | undefined;

export class AnswerText {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  readonly #append: (text: Uint8Array) => void;

  /** @param estimatedBytes What it will take: for more, room is made by copying all of it. */
  constructor(estimatedBytes = leastBytes) {
    const fits = spare !== undefined && spare.length >= estimatedBytes;
    this.#bytes = fits ? spare! : new Uint8Array(Math.max(estimatedBytes, leastBytes));
    if (fits) spare = undefined;
    this.#append = (text) => {
      this.#reserve(text.length);
      this.#bytes.set(text, this.#length);
      this.#length += text.length;
    };
  }

  /** Adds JSON as it is. */
  add(json: string): this {
    // A UTF-16 unit becomes at most three bytes.
    this.#reserve(json.length * 3);
    if (json.length <= shortText && writeAscii(json, this.#bytes, this.#length)) this.#length += json.length;
    else this.#length += encoder.encodeInto(json, this.#bytes.subarray(this.#length)).written;
    return this;
  }

  /** Adds an array: `print` is to add each item. */
  addList<Item>(items: readonly Item[], print: (item: Item, index: number) => void): this {
    this.add("[");
    items.forEach((item, index) => {
      if (index > 0) this.add(",");
      print(item, index);
    });
    return this.add("]");
  }

  /** Adds numbers with commas between them, without brackets; each reads back as the same float32. */
  addNumbers(vector: Float32Array): this {
    printer ??= new VectorPrinter();
    printer.numbers(vector, this.#append);
    return this;
  }

  /** Adds base64, without quotes. */
  addBase64(bytes: Uint8Array): this {
    printer ??= new VectorPrinter();
    printer.base64(bytes, this.#append);
    return this;
  }

  /** Adds what another one holds. */
  addAnswer(other: AnswerText): this {
    this.#append(other.finish());
    return this;
  }

  /**
   * All of it, in UTF-8, and the end of it: the next answer is written to the same memory. A Response copies what it is
   * given, so make it at once.
   */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length <= mostSpareBytes) spare = this.#bytes;
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
