/** Running text as sentences. */

/** Words of a sentence that is kept: fewer say little, more are cut off by the teachers anyway. */
const minWords = 4;
const maxWords = 60;

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Splits a text into sentences, by Unicode's rules for English; very short and very long ones are left out. */
export function sentencesOf(text: string): string[] {
  const plain = text.replace(/\s+/g, " ").trim();
  return Array.from(segmenter.segment(plain), ({ segment }) => segment.trim()).filter((sentence) => {
    const words = sentence.split(" ").length;
    return words >= minWords && words <= maxWords;
  });
}

/** A text, and its sentences if it has several. */
export function withSentences(text: string): string[] {
  const sentences = sentencesOf(text);
  return sentences.length > 1 ? [text, ...sentences] : [text];
}

/** Sentences of a passage. */
const sentencesPerPassage = 4;

/** Sentences that follow one another, four at a time: a table is to know longer texts as well. */
export function passagesOf(sentences: readonly string[]): string[] {
  return Array.from({ length: Math.floor(sentences.length / sentencesPerPassage) }, (_, i) =>
    sentences.slice(i * sentencesPerPassage, (i + 1) * sentencesPerPassage).join(" "),
  );
}
