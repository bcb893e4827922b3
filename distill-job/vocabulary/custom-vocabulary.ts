/**
 * Words and phrases of one's own in the vocabulary, each with a row of its own.
 *
 * As model2vec 0.8 does (`tokenizer/tokenizer.py`, `clean_and_create_vocabulary`), but for phrases: model2vec
 * adds them and then prunes them again with the other added tokens (`distill/distillation.py`), so that they
 * never reach the table. Here they do.
 */
import type { WordPieceOptions } from "../../shared/artifact/model-metadata.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxRows } from "../../shared/limits.ts";
import { splitIntoWords } from "../../shared/tokenizer/normalize-text.ts";
import { maxTokenBytes } from "../../shared/tokenizer/table-layout.ts";
import type { AddedTokenJson, TokenizerJson, WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";
import type { CleanTokenizer } from "./clean-tokenizer.ts";

/** Words and phrases from one source. */
export interface WordSource {
  /** One word or phrase each, as people write them. */
  readonly entries: Iterable<string>;
  /**
   * Whether phrases are found only where no letter or digit is before or behind them, unless they begin or end
   * in a script without spaces. Model2vec's are found everywhere, inside words as well.
   */
  readonly standAlone: boolean;
}

/** What became of the entries of a source. */
export interface EntryTally {
  words: number;
  /** Entries of several words, which are looked for literally. */
  phrases: number;
  /** Entries that were in the vocabulary already, or came before. */
  duplicates: number;
  /** Entries of which normalization leaves nothing. */
  empty: number;
  /** Entries that the token remove pattern takes. */
  removed: number;
  /** Words longer than the tokenizer looks up. */
  tooLong: number;
}

/** A vocabulary with words added. */
export interface CustomVocabulary {
  /** Content of the new tokenizer.json. */
  readonly json: TokenizerJson;
  /** What has been added, in the order of the new ids: words, then phrases. */
  readonly added: readonly string[];
  /** One for every source. */
  readonly tallies: readonly EntryTally[];
}

interface Phrase {
  readonly content: string;
  readonly standsAlone: boolean;
}

/** Scripts that put no spaces between words, so that the words around one touch it. */
const unspacedScripts = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join("");
const touchesOthers = new RegExp(`^[${unspacedScripts}]|[${unspacedScripts}]$`, "u");

/**
 * Adds words and phrases to a cleaned vocabulary, those of the first source first.
 *
 * @param options the tokenizer's
 * @param removePattern entries whose word begins so are left out, as tokens are
 * @throws NearvecError invalid_request if there are more than a table can have
 */
export function addToVocabulary(
  clean: CleanTokenizer,
  sources: readonly WordSource[],
  options: WordPieceOptions,
  removePattern: RegExp | null,
): CustomVocabulary {
  const seen = new Set(clean.tokens);
  const words: string[] = [];
  const phrases: Phrase[] = [];
  const addEntry = (entry: string, standAlone: boolean): keyof EntryTally => {
    const content = entry.trim();
    const parts = splitIntoWords(content, options);
    // What is written differently and normalized alike is the same phrase.
    const key = parts.join(" ");
    if (parts.length === 0) return "empty";
    // A phrase may be written as a token is: [UNK] or ##s.
    if (seen.has(key) || seen.has(content)) return "duplicates";
    seen.add(key);
    if (parts.length > 1) {
      phrases.push({ content, standsAlone: standAlone && !touchesOthers.test(content) });
      return "phrases";
    }
    if (removePattern?.test(key)) return "removed";
    if (isTooLong(key, options)) return "tooLong";
    words.push(key);
    return "words";
  };
  const tallies = sources.map(({ entries, standAlone }) => {
    const tally = { words: 0, phrases: 0, duplicates: 0, empty: 0, removed: 0, tooLong: 0 };
    for (const entry of entries) tally[addEntry(entry, standAlone)]++;
    return tally;
  });
  const added = [...words, ...phrases.map(({ content }) => content)];
  const size = clean.tokens.length + added.length;
  if (size > maxRows) {
    throw new NearvecError(
      "invalid_request",
      `Expected at most ${maxRows} tokens, got ${size}. Add fewer words.`,
      { param: "vocabulary" },
    );
  }
  return { json: withAdded(clean, words, phrases), added, tallies };
}

/** Whether a word is unknown to WordPiece even where the vocabulary has it. */
function isTooLong(word: string, { maxInputCharsPerWord }: WordPieceOptions): boolean {
  if (word.length * 3 <= maxTokenBytes && word.length <= maxInputCharsPerWord) return false;
  return [...word].length > maxInputCharsPerWord || new TextEncoder().encode(word).length > maxTokenBytes;
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

function withAdded({ json, tokens }: CleanTokenizer, words: readonly string[], phrases: readonly Phrase[]) {
  const vocab = { ...(json.model as WordPieceJson).vocab };
  words.forEach((word, i) => {
    vocab[word] = tokens.length + i;
  });
  const firstPhrase = tokens.length + words.length;
  const addedTokens = phrases.map(
    ({ content, standsAlone }, i): AddedTokenJson => ({
      id: firstPhrase + i,
      content,
      single_word: standsAlone,
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
