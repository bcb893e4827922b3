/** Cuts long texts into the entries that are found one by one. */
import type { ChunkingSettings } from "../collection/collection-settings.ts";
import { GraphemeBoundaries, graphemesOf } from "./graphemes.ts";
import { sentencesOf } from "./sentences.ts";
import type { TextRange } from "./text-range.ts";

/** UTF-16 units from which on a word may be cut: text without spaces, or none that anybody reads. */
const longWordCharacters = 32;

/**
 * The chunks of a text, at least one, in order. Every character is in one of them, none is longer than
 * `maxCharacters` unless a single grapheme cluster is, and none begins or ends within one.
 *
 * Chunks take as many sentences or words as fit. A sentence that does not fit is cut between words, a long word
 * between grapheme clusters. Each chunk but the first begins with as much of the end of the one before as
 * `overlapCharacters` and its own size allow.
 */
export function chunksOf(text: string, settings: ChunkingSettings): TextRange[] {
  const { maxCharacters, overlapCharacters } = settings;
  if (text.length <= maxCharacters) return [{ from: 0, to: text.length }];
  const boundaries = new GraphemeBoundaries(text);
  const fits = ({ from, to }: TextRange): boolean => to - from <= maxCharacters;
  const cutWords = (range: TextRange): TextRange[] => wordsWithin(text, range, boundaries, maxCharacters);
  const pieces =
    settings.by === "sentences"
      ? joinCut(sentencesOf(text), boundaries).flatMap((sentence) =>
          fits(sentence) ? [sentence] : cutWords(sentence),
        )
      : cutWords({ from: 0, to: text.length });
  return pack(pieces, maxCharacters, overlapCharacters);
}

/** Words with the space after them; long ones as grapheme clusters. */
function wordsWithin(
  text: string,
  { from, to }: TextRange,
  boundaries: GraphemeBoundaries,
  maxCharacters: number,
): TextRange[] {
  const most = Math.min(longWordCharacters, maxCharacters);
  const words = Array.from(text.slice(from, to).matchAll(/\S+\s*|\s+/g), ({ 0: word, index }) => ({
    from: from + index,
    to: from + index + word.length,
  }));
  return joinCut(words, boundaries).flatMap((word) => {
    if (word.to - word.from <= most) return [word];
    return graphemesOf(text.slice(word.from, word.to)).map((cluster) => ({
      from: word.from + cluster.from,
      to: word.from + cluster.to,
    }));
  });
}

/** Joins pieces that begin within a grapheme cluster, such as a mark on a space, to those before. */
function joinCut(pieces: readonly TextRange[], boundaries: GraphemeBoundaries): TextRange[] {
  const whole: TextRange[] = [];
  for (const { from, to } of pieces) {
    const last = whole.at(-1);
    if (last === undefined || boundaries.has(from)) whole.push({ from, to });
    else whole[whole.length - 1] = { from: last.from, to };
  }
  return whole;
}

function pack(pieces: readonly TextRange[], maxCharacters: number, overlapCharacters: number): TextRange[] {
  const chunks: TextRange[] = [];
  let first = 0;
  let next = 0;
  while (next < pieces.length) {
    const { from } = pieces[first]!;
    next = Math.max(next, first) + 1;
    while (next < pieces.length && pieces[next]!.to - from <= maxCharacters) next++;
    const { to } = pieces[next - 1]!;
    chunks.push({ from, to });
    if (next === pieces.length) break;
    // Go back as far as the overlap allows and the next piece still fits.
    const least = Math.max(to - overlapCharacters, pieces[next]!.to - maxCharacters, from + 1);
    first = next;
    while (pieces[first - 1]!.from >= least) first--;
  }
  return chunks;
}
