/** A model small enough to make on the spot: eight dimensions, a dozen tokens, everything else as in a real one. */
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";

/** The vocabulary in id order; the unknown token is 0. */
export const tinyVocabulary = [
  "[UNK]",
  "hello",
  "world",
  "the",
  "edge",
  "vector",
  "##s",
  "is",
  "near",
  "far",
  "a",
];

export const tinyDimensions = 8;

/** Compiled once: that takes longer than all the rest of a model. */
const tokenizer = compileTokenizer({
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(tinyVocabulary.map((token, id) => [token, id])),
  },
});

/** @param seed Models of different seeds have different rows, and so different digests. */
export function tinyModel({ name = "tiny", seed = 1 } = {}): Uint8Array {
  const values = Int8Array.from(
    { length: tinyVocabulary.length * tinyDimensions },
    // Any fixed, uneven pattern will do: no two rows are parallel.
    (_, i) => ((i * 37 + seed * 101 + ((i * i) % 13)) % 255) - 127,
  );
  const scales = Float32Array.from(tinyVocabulary, (_, id) => (id + 1) / 127);
  return writeArtifact({
    name,
    rows: { type: "int8", values, scales },
    dimensions: tinyDimensions,
    tokenizer,
    normalize: true,
    maxLength: 16,
    provenance: { teacher: "none: made for tests" },
  });
}
