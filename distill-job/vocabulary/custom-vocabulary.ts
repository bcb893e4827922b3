/**
 * Words and phrases of one's own in the vocabulary, each with a row of its own.
 *
 * As model2vec 0.8 does (`tokenizer/tokenizer.py`, `clean_and_create_vocabulary`), but for phrases: model2vec
 * adds them and then prunes them again with the other added tokens (`distill/distillation.py`), so that they
 * never reach the table. Here they do.
 */
import { NearvecError } from "../../shared/errors.ts";
import { maxRows } from "../../shared/limits.ts";
import type { NormalizerOptions } from "../../shared/tokenizer/character-facts.ts";
import { splitIntoWords } from "../../shared/tokenizer/normalize-text.ts";
import type { AddedTokenJson, TokenizerJson, WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";
import type { CleanTokenizer } from "./clean-tokenizer.ts";

/** A vocabulary with words added, and what became of each of them. */
export interface CustomVocabulary {
  /** Content of the new tokenizer.json. */
  readonly json: TokenizerJson;
  /** What has been added, in the order of the new ids: words, then phrases. */
  readonly added: readonly string[];
  readonly words: number;
  /** Entries of several words, which are looked for literally. */
  readonly phrases: number;
  /** Entries that were in the vocabulary already, or came twice. */
  readonly duplicates: number;
  /** Entries of which normalization leaves nothing. */
  readonly empty: number;
}

/**
 * Adds words and phrases to a cleaned vocabulary.
 *
 * @param entries one word or phrase each, as people write them
 * @param options the tokenizer's normalizer
 * @param removePattern entries whose word begins so are left out, as tokens are
 */
export function addToVocabulary(
  clean: CleanTokenizer,
  entries: Iterable<string>,
  options: NormalizerOptions,
  removePattern: RegExp | null,
): CustomVocabulary {
  const seen = new Set(clean.tokens);
  const words: string[] = [];
  const phrases: string[] = [];
  let duplicates = 0;
  let empty = 0;
  for (const entry of entries) {
    const parts = splitIntoWords(entry, options);
    // What is written differently and normalized alike is the same phrase.
    const key = parts.join(" ");
    if (parts.length === 0) empty++;
    else if (seen.has(key)) duplicates++;
    else if (parts.length > 1) phrases.push(entry.trim());
    else if (!removePattern?.test(key)) words.push(key);
    seen.add(key);
  }
  const added = [...words, ...phrases];
  const size = clean.tokens.length + added.length;
  if (size > maxRows) {
    throw new NearvecError(
      "invalid_request",
      `Expected at most ${maxRows} tokens, got ${size}. Add fewer words.`,
      {
        param: "vocabulary",
      },
    );
  }
  return {
    json: withAdded(clean, words, phrases),
    added,
    words: words.length,
    phrases: phrases.length,
    duplicates,
    empty,
  };
}

/**
 * Takes all subwords out of a cleaned vocabulary: what is left are the special tokens, for words to be added to.
 */
export function withoutSubwords(clean: CleanTokenizer): CleanTokenizer {
  const special = new Set((clean.json.added_tokens ?? []).map(({ content }) => content));
  const unknown = (clean.json.model as WordPieceJson).unk_token;
  const keep = clean.tokens.map((token) => token === unknown || special.has(token));
  const tokens = clean.tokens.filter((_, i) => keep[i]);
  const ids = new Map(tokens.map((token, id) => [token, id]));
  return {
    ...clean,
    tokens,
    teacherIds: clean.teacherIds.filter((_, i) => keep[i]),
    json: {
      ...clean.json,
      added_tokens: (clean.json.added_tokens ?? []).map((token) => ({
        ...token,
        id: ids.get(token.content)!,
      })),
      model: { ...clean.json.model, vocab: Object.fromEntries(ids) } as WordPieceJson,
    },
  };
}

function withAdded({ json, tokens }: CleanTokenizer, words: readonly string[], phrases: readonly string[]) {
  const vocab = { ...(json.model as WordPieceJson).vocab };
  words.forEach((word, i) => {
    vocab[word] = tokens.length + i;
  });
  const firstPhrase = tokens.length + words.length;
  const addedTokens = phrases.map(
    (content, i): AddedTokenJson => ({
      id: firstPhrase + i,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: true,
      special: false,
    }),
  );
  return {
    ...json,
    added_tokens: [...(json.added_tokens ?? []), ...addedTokens],
    model: { ...json.model, vocab } as WordPieceJson,
  };
}
