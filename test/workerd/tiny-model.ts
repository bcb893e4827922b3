/** Models to serve, small enough to make on the spot, and as many different ones as a test needs. */
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { tinyTokenizerJson } from "../support/tiny-model.ts";

const words = ["hello", "world", "the", "edge", "vector", "##s", "is", "near", "far", "a"];

/** The vocabulary in id order. */
export const tinyVocabulary = ["[PAD]", "[UNK]", ...words];

export const tinyDimensions = 8;

/** Compiled once: that takes longer than all the rest of a model. */
const tokenizer = compileTokenizer(tinyTokenizerJson({ words }));

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
