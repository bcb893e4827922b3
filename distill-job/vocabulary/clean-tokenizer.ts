/**
 * From a teacher's tokenizer to the table's: tokens that no text can want are dropped, the rest get the
 * ids 0, 1, 2 … in their old order.
 *
 * Behaves as model2vec 0.8 does (`distill/distillation.py`, `distill_from_model`) with skeletoken 0.6
 * (`base.py`, `prune_added_tokens` and `remove_tokens_from_vocabulary`).
 */
import { NearvecError } from "../../shared/errors.ts";
import type { AddedTokenJson, TokenizerJson, WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { surroundingTokens } from "./special-tokens.ts";

export interface CleanOptions {
  /** Padding token, as tokenizer_config.json names it; tokenizer.json's own if not given. */
  readonly padToken?: string | undefined;
  /** Tokens to drop, from `compileRemovePattern`; null drops none. */
  readonly removePattern: RegExp | null;
}

/** What the cleaning leaves. */
export interface CleanTokenizer {
  /** Content of the new tokenizer.json: no post-processor, no truncation, no padding. */
  readonly json: TokenizerJson;
  /** The token of every row of the table, in id order. */
  readonly tokens: readonly string[];
  /** The id of every such token in the teacher's vocabulary. */
  readonly teacherIds: readonly number[];
  /** Teacher's ids of what comes before every text (`[CLS]`) and after it (`[SEP]`). */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Teacher's id of the padding token, 0 if it has none. */
  readonly padId: number;
}

/**
 * Cleans a WordPiece tokenizer.
 *
 * @throws NearvecError tokenizer_unsupported if it is of another kind, invalid_request if the pattern takes
 *   every token
 */
export function cleanTokenizer(json: TokenizerJson, options: CleanOptions): CleanTokenizer {
  const model = wordPieceOf(json);
  const addedTokens = json.added_tokens ?? [];
  const teacherId = new Map<string, number>(Object.entries(model.vocab));
  for (const { content, id } of addedTokens) teacherId.set(content, id);
  const idOf = (token: string): number => {
    const id = teacherId.get(token);
    if (id !== undefined) return id;
    throw unsupported(`the special token ${token} in the vocabulary, it is not there`);
  };

  const { before, after } = surroundingTokens(json.post_processor);
  const padToken = options.padToken ?? paddingTokenOf(json);
  const kept = new Set([model.unk_token, padToken]);
  // [CLS] and [SEP] are added tokens like [MASK]: once their ids are known, no row needs them.
  const pruned = new Set(addedTokens.map(({ content }) => content).filter((token) => !kept.has(token)));
  const pattern = options.removePattern;
  const entries = [...teacherId]
    .filter(([token]) => token === model.unk_token || !(pruned.has(token) || pattern?.test(token)))
    .sort(([, left], [, right]) => left - right);

  const tokens = entries.map(([token]) => token);
  if (tokens.every((token) => kept.has(token))) {
    throw new NearvecError(
      "invalid_request",
      `Expected tokens to be left of the ${teacherId.size} in tokenizer.json, got none. Narrow the token remove pattern.`,
      { param: "token-remove-pattern" },
    );
  }
  return {
    json: withTokens(json, tokens, kept),
    tokens,
    teacherIds: entries.map(([, id]) => id),
    before: before.map(idOf),
    after: after.map(idOf),
    padId: padToken === undefined ? 0 : idOf(padToken),
  };
}

/** The ids that the teacher reads for every row of the table: `[CLS] token [SEP]`. */
export function teacherSequences({ teacherIds, before, after }: CleanTokenizer): number[][] {
  return teacherIds.map((id) => [...before, id, ...after]);
}

function wordPieceOf({ model }: TokenizerJson): WordPieceJson {
  // Files of old versions have no type; only WordPiece has this field.
  const isWordPiece = model?.type === "WordPiece" || (model && "max_input_chars_per_word" in model);
  if (!isWordPiece) throw unsupported(`a model of type WordPiece, got ${model?.type ?? "none"}`);
  const { vocab } = model as WordPieceJson;
  if (typeof vocab !== "object" || vocab === null) throw unsupported("a vocabulary in the model, got none");
  return model as WordPieceJson;
}

function paddingTokenOf(json: TokenizerJson): string | undefined {
  return (json.padding as { pad_token?: string } | null | undefined)?.pad_token;
}

function withTokens(
  json: TokenizerJson,
  tokens: readonly string[],
  kept: ReadonlySet<string | undefined>,
): TokenizerJson {
  const addedTokens = tokens.flatMap((content, id): AddedTokenJson[] => {
    if (!kept.has(content)) return [];
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    const old = json.added_tokens?.find((token) => token.content === content);
    return [{ ...plain, ...old, id, content, special: true }];
  });
  return {
    ...json,
    // A table has no length to cut to or fill up to, and what pads a text would be pooled with it.
    truncation: null,
    padding: null,
    post_processor: null,
    added_tokens: addedTokens,
    model: {
      ...json.model,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    } as WordPieceJson,
  };
}

function unsupported(expectation: string): NearvecError {
  return new NearvecError(
    "tokenizer_unsupported",
    `Expected ${expectation}. Only tokenizer.json files of BERT's WordPiece are supported yet.`,
    { param: "tokenizer.json" },
  );
}
