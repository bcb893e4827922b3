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
