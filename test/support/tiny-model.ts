/** Small tokenizers and models, made by hand: what tests need without any data. */
import { type ArtifactContent, type Rows, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import type { Pooling } from "../../shared/artifact/model-metadata.ts";
import type { TokenMapping } from "../../shared/artifact/token-mapping.ts";
import { type PackedRowType, packRows } from "../../shared/kernel/row-layout.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import type {
  AddedTokenJson,
  BertNormalizerJson,
  TokenizerJson,
} from "../../shared/tokenizer/tokenizer-json.ts";

export interface TinyTokenizerOptions {
  readonly words?: readonly string[];
  readonly normalizer?: Partial<BertNormalizerJson>;
  readonly addedTokens?: readonly Partial<AddedTokenJson>[];
  readonly prefix?: string;
  readonly maxInputCharsPerWord?: number;
}

const defaultWords = [
  "a",
  "horse",
  "in",
  "the",
  "rain",
  "run",
  "##ning",
  "##s",
  "un",
  "##a",
  "!",
  ",",
  "中",
  "cafe",
];

/** A tokenizer.json with the given words after `[PAD]` and `[UNK]`. */
export function tinyTokenizerJson(options: TinyTokenizerOptions = {}): TokenizerJson {
  const words = ["[PAD]", "[UNK]", ...(options.words ?? defaultWords)];
  const added = ["[PAD]", "[UNK]"].map((content, id) => ({ id, content, normalized: false, special: true }));
  const more = (options.addedTokens ?? []).map((token, i) => ({
    content: "",
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: false,
    ...token,
    id: words.length + i,
  }));
  return {
    version: "1.0",
    added_tokens: [
      ...added.map((token) => ({ single_word: false, lstrip: false, rstrip: false, ...token })),
      ...more,
    ],
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
      ...options.normalizer,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: null,
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: options.prefix ?? "##",
      max_input_chars_per_word: options.maxInputCharsPerWord ?? 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
}

/** Numbers from -1 to 1 that are the same every time. */
export function fixedNoise(count: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export interface TinyModelOptions {
  readonly dimensions?: number;
  readonly rowType?: Rows["type"];
  readonly pooling?: Pooling;
  readonly poolingWindow?: number;
  readonly rotated?: boolean;
  readonly normalize?: boolean;
  readonly maxLength?: number;
  readonly name?: string;
  readonly tokenizer?: TokenizerJson;
  /** Whether tokens share five rows. */
  readonly mapped?: boolean;
}

/** Rows of a tiny model whose tokens share them. */
export const tinySharedRows = 5;

/** What a tiny model is made of; the rows' norms differ a hundredfold. */
export function tinyModelContent(options: TinyModelOptions = {}): ArtifactContent {
  const dimensions = options.dimensions ?? 8;
  const tokenizer = compileTokenizer(options.tokenizer ?? tinyTokenizerJson());
  const { rowType = "int8" } = options;
  const { vocabularySize } = tokenizer;
  const count = options.mapped ? tinySharedRows : vocabularySize;
  const noise = fixedNoise(count * dimensions);
  const scales = Float32Array.from({ length: count }, (_, id) => 0.01 / (1 + ((id * 37) % 100)));
  return {
    name: options.name ?? "tiny",
    rows: tinyRows(rowType, noise, scales, dimensions),
    dimensions,
    tokenizer,
    ...(options.mapped ? { mapping: tinyMapping(vocabularySize) } : {}),
    ...(options.pooling === undefined ? {} : { pooling: options.pooling }),
    ...(options.poolingWindow === undefined ? {} : { poolingWindow: options.poolingWindow }),
    ...(options.rotated === undefined ? {} : { rotated: options.rotated }),
    normalize: options.normalize ?? true,
    maxLength: options.maxLength ?? 512,
    provenance: { license: "MIT" },
  };
}

/** All rows have tokens; weights differ in size and sign, one is zero. */
function tinyMapping(tokens: number): TokenMapping {
  return {
    rows: Uint32Array.from({ length: tokens }, (_, id) => (id * 7) % tinySharedRows),
    weights: Float32Array.from({ length: tokens }, (_, id) => (((id * 5) % 16) - 4) / 8),
  };
}

/** Levels of packed rows from noise: any will do, as long as all of them come. */
const tinyLevels: Readonly<Record<PackedRowType, (value: number) => number>> = {
  int4: (value) => Math.floor(value * 8),
  int2: (value) => Math.floor((value + 1) * 2),
  int1: (value) => Number(value < 0),
};

function tinyRows(type: Rows["type"], noise: Float32Array, scales: Float32Array, dimensions: number): Rows {
  if (type === "float32") return { type, values: noise };
  if (type === "int8") {
    return { type, values: Int8Array.from(noise, (value) => Math.round(value * 127)), scales };
  }
  const levels = Int8Array.from(noise, tinyLevels[type]);
  return { type, values: packRows(levels, dimensions, type), scales };
}

/** A tiny model's file. */
export function tinyModel(options: TinyModelOptions = {}): Uint8Array {
  return writeArtifact(tinyModelContent(options));
}
