/** What a nearvec model file says of itself, beside its tensors. */

/** The version of the file format that this code writes, and the newest that it reads. */
export const formatVersion = 2;

/** The oldest version that this code reads: the first had another table of added tokens. */
export const oldestFormatVersion = 2;

/**
 * How one element of the table is stored. All but `float32` rows have one float32 scale each; `int4`, `int2`
 * and `int1` are packed (shared/kernel/row-layout.ts).
 */
export const rowTypes = ["int8", "float32", "int4", "int2", "int1"] as const;
export type RowType = (typeof rowTypes)[number];

/**
 * How the rows of a text become its vector. `mean` is Model2Vec's plain mean over all tokens; `distinct`
 * is the mean over the tokens that are left when each window of `poolingWindow` tokens keeps one of each.
 */
export const poolings = ["mean", "distinct"] as const;
export type Pooling = (typeof poolings)[number];

/** The options of a BERT tokenizer, as in its tokenizer.json. */
export interface WordPieceOptions {
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
  readonly cleanText: boolean;
  readonly handleChineseChars: boolean;
  /** What a piece that does not begin its word begins with: `##`. */
  readonly continuingSubwordPrefix: string;
  /** Code points of the longest word that is split; a longer one is unknown as a whole. */
  readonly maxInputCharsPerWord: number;
  readonly unkToken: string;
}

/** Where Metaspace puts a space in front of a text: before each part between added tokens, the first, or none. */
export const prependSchemes = ["always", "first", "never"] as const;
export type PrependScheme = (typeof prependSchemes)[number];

/** What a Unigram tokenizer does beside the characters and tokens that are in its tables. */
export interface UnigramOptions {
  /** What unknown text becomes. */
  readonly unkId: number;
  /** Bytes of normalized text that a byte of text becomes at most. */
  readonly maxExpansion: number;
  /** Runs of spaces become one. */
  readonly collapseSpaces: boolean;
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
  readonly prependScheme: PrependScheme;
  /** Whether no token may go across a space. */
  readonly splitAtSpaces: boolean;
  /** Whether white space parts words before spaces are prepended to each of them. */
  readonly splitAtWhitespace: boolean;
  /** The normalizer of its tokenizer.json, without the character map that is a table; for export. */
  readonly normalizer: unknown;
  /** The pre_tokenizer of its tokenizer.json; for export. */
  readonly preTokenizer: unknown;
}

/** Everything that is known of a model without reading its tensors. */
export interface ModelMetadata {
  readonly formatVersion: number;
  /** The name that it is served under, e.g. `all-MiniLM-L6-v2-256`. */
  readonly name: string;
  readonly dimensions: number;
  /** Token ids run from 0 to this less 1. */
  readonly vocabularySize: number;
  /** Rows of the table: one for each token, in the order of the ids, unless tokens share rows. */
  readonly rows: number;
  /** Whether tokens share rows: a mapping then says which row is a token's, and a weight what it is multiplied by. */
  readonly mapped: boolean;
  readonly rowType: RowType;
  readonly pooling: Pooling;
  /** Tokens of a window of distinct pooling, a multiple of 4; 0 for the plain mean. */
  readonly poolingWindow: number;
  /** Whether the dimensions were rotated before they were quantized: such vectors cannot be truncated. */
  readonly rotated: boolean;
  /** Whether vectors are divided by their L2 norm unless the caller says otherwise. */
  readonly normalize: boolean;
  /** Tokens pooled per text unless the caller says otherwise. */
  readonly maxLength: number;
  /** Median code points per token: a text is cut to maxLength x this before it is tokenized, as model2vec does. */
  readonly medianTokenLength: number;
  readonly tokenizer:
    | ({ readonly kind: "wordpiece" } & WordPieceOptions)
    | ({ readonly kind: "unigram" } & UnigramOptions);
  /** Id of the unknown token, which is never pooled; null if unknown tokens are pooled like all others. */
  readonly unkTokenId: number | null;
  /** Where it comes from: teacher, licence, digests, options. Free-form, shown by `nearvec inspect`. */
  readonly provenance: Readonly<Record<string, string>>;
}
