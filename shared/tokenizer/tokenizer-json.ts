/** The part of Hugging Face's tokenizer.json that nearvec reads and writes. */

export interface AddedTokenJson {
  readonly id: number;
  readonly content: string;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly normalized?: boolean;
  readonly special?: boolean;
}

export interface BertNormalizerJson {
  readonly type: "BertNormalizer";
  readonly clean_text?: boolean;
  readonly handle_chinese_chars?: boolean;
  /** null or absent: as `lowercase`. */
  readonly strip_accents?: boolean | null;
  readonly lowercase?: boolean;
}

export interface WordPieceJson {
  /** Absent in files of old versions. */
  readonly type?: "WordPiece";
  readonly unk_token: string;
  readonly continuing_subword_prefix?: string;
  readonly max_input_chars_per_word?: number;
  readonly vocab: Readonly<Record<string, number>>;
}

export interface UnigramJson {
  readonly type: "Unigram";
  readonly unk_id: number | null;
  /** Tokens with their scores, logarithms of their probabilities; a token's place is its id. */
  readonly vocab: readonly (readonly [string, number])[];
  readonly byte_fallback?: boolean;
}

/** A normalizer or pre-tokenizer of any type, with the fields of that type. */
export interface PartJson {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A tokenizer.json whose parts have not been looked at yet. */
export interface TokenizerJson {
  readonly version?: string;
  readonly truncation?: unknown;
  readonly padding?: unknown;
  readonly added_tokens?: readonly AddedTokenJson[];
  readonly normalizer?: PartJson | BertNormalizerJson | null;
  readonly pre_tokenizer?: PartJson | null;
  readonly post_processor?: unknown;
  readonly decoder?: unknown;
  readonly model: WordPieceJson | UnigramJson | { readonly type?: string };
}
