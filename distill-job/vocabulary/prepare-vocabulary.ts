/** From a teacher's tokenizer and the user's words to the table's vocabulary, and what the teacher is to read. */
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { compileWordPiece } from "../../shared/tokenizer/compile-word-piece.ts";
import type { CompiledTokenizer } from "../../shared/tokenizer/compiled-tokenizer.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { tokenizerAlone } from "../corpus/tokenizer-alone.ts";
import { cleanTokenizer, teacherSequences } from "./clean-tokenizer.ts";
import { addToVocabulary, type EntryTally, type WordSource, withoutSubwords } from "./custom-vocabulary.ts";
import { type FrequentWords, frequentWords, type WordChoice } from "./frequent-words.ts";
import { compileRemovePattern } from "./remove-pattern.ts";

export interface VocabularySettings {
  /** Regular expression; tokens whose beginning it matches are dropped. Null drops none. */
  readonly tokenRemovePattern: string | null;
  /** Words and phrases to add. */
  readonly vocabulary?: readonly string[] | undefined;
  /** Which words of a corpus to add, where there is one. */
  readonly corpusWords: WordChoice;
  /** Whether the teacher's own tokens stay beside the added ones. */
  readonly subwords: boolean;
}

export interface PreparedVocabulary {
  /** Content of the table's tokenizer.json. */
  readonly json: TokenizerJson;
  readonly tokenizer: CompiledTokenizer;
  /** For every row, the ids that the teacher reads: `[CLS] token [SEP]`. */
  readonly sequences: readonly (readonly number[])[];
  /** The teacher's padding id. */
  readonly padId: number;
  /** What became of the words to add; null where there were none. */
  readonly custom: EntryTally | null;
  /** What became of the words of a corpus; null where there was none. */
  readonly fromCorpus: CorpusTally | null;
}

/** What became of the words of a corpus: those that were taken, and those that were not. */
export type CorpusTally = EntryTally & Omit<FrequentWords, "words">;

/**
 * Prepares a vocabulary.
 *
 * @param teacher the teacher's tokenizer.json
 * @param padToken its padding token, where tokenizer_config.json names it
 * @param wordCounts the words of a corpus, as they are written
 * @throws NearvecError tokenizer_unsupported, invalid_request
 */
export async function prepareVocabulary(
  teacher: TokenizerJson,
  padToken: string | undefined,
  settings: VocabularySettings,
  wordCounts?: ReadonlyMap<string, number>,
): Promise<PreparedVocabulary> {
  const { tokenRemovePattern, vocabulary } = settings;
  const removePattern = tokenRemovePattern === null ? null : compileRemovePattern(tokenRemovePattern);
  const whole = cleanTokenizer(teacher, { padToken, removePattern });
  const clean = settings.subwords ? whole : withoutSubwords(whole);
  const sequences = teacherSequences(clean);
  // Before the teacher runs, which takes long: the tokenizer may be of a kind that cannot be compiled.
  const tokenizer = compileWordPiece(clean.json);
  const { padId } = clean;
  const frequent =
    wordCounts === undefined ? null : frequentWords(wordCounts, tokenizer.options, settings.corpusWords);
  const sources: WordSource[] = [];
  if (vocabulary !== undefined) sources.push({ entries: vocabulary, standAlone: false });
  if (frequent !== null) sources.push({ entries: frequent.words, standAlone: true });
  if (sources.length === 0) {
    return { json: clean.json, tokenizer, sequences, padId, custom: null, fromCorpus: null };
  }

  const { json, added, tallies } = addToVocabulary(clean, sources, tokenizer.options, removePattern);
  const asTeacherReads = await tokenizerAlone(compileTokenizer(teacher));
  const addedSequences = added.map((entry) => [
    ...clean.before,
    ...asTeacherReads.tokenize(entry, { keepUnknown: true }),
    ...clean.after,
  ]);
  return {
    json,
    tokenizer: compileTokenizer(json),
    sequences: [...sequences, ...addedSequences],
    padId,
    custom: vocabulary === undefined ? null : tallies[0]!,
    fromCorpus: frequent === null ? null : corpusTally(frequent, tallies.at(-1)!),
  };
}

function corpusTally({ distinct, rare, beyondTop }: FrequentWords, tally: EntryTally): CorpusTally {
  return { distinct, rare, beyondTop, ...tally };
}
