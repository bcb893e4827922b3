/** Small tokenizers and models, made by hand: what tests need without any data. */
import { type ArtifactContent, type Rows, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
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
  readonly normalize?: boolean;
  readonly maxLength?: number;
  readonly name?: string;
  readonly tokenizer?: TokenizerJson;
}

/** What a tiny model is made of; the rows' norms differ a hundredfold. */
export function tinyModelContent(options: TinyModelOptions = {}): ArtifactContent {
  const dimensions = options.dimensions ?? 8;
  const tokenizer = compileTokenizer(options.tokenizer ?? tinyTokenizerJson());
  const noise = fixedNoise(tokenizer.vocabularySize * dimensions);
  const rows: Rows =
    options.rowType === "float32"
      ? { type: "float32", values: noise }
      : {
          type: "int8",
          values: Int8Array.from(noise, (value) => Math.round(value * 127)),
          scales: Float32Array.from(
            { length: tokenizer.vocabularySize },
            (_, id) => 0.01 / (1 + ((id * 37) % 100)),
          ),
        };
  return {
    name: options.name ?? "tiny",
    rows,
    dimensions,
    tokenizer,
    normalize: options.normalize ?? true,
    maxLength: options.maxLength ?? 512,
    provenance: { license: "MIT" },
  };
}

/** A tiny model's file. */
export function tinyModel(options: TinyModelOptions = {}): Uint8Array {
  return writeArtifact(tinyModelContent(options));
}
