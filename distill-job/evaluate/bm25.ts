/** BM25, the ranking by words that every other ranking has to beat. */

/** How fast repetitions of a word stop counting: Robertson and Zaragoza's usual value. */
export const defaultSaturation = 1.2;
/** How much long documents are held back, from 0 to 1. */
export const defaultLengthPenalty = 0.75;

/**
 * What one word of the query adds to a document's score.
 *
 * Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with
 * Lucene's logarithm of 1 + odds, which never is negative.
 *
 * @param frequency how often the document has the word
 * @param length words of the document, over the mean of all documents
 * @param documents number of all documents
 * @param containing number of those that have the word
 */
export function bm25Weight(
  frequency: number,
  length: number,
  documents: number,
  containing: number,
  saturation = defaultSaturation,
  lengthPenalty = defaultLengthPenalty,
): number {
  const rarity = Math.log(1 + (documents - containing + 0.5) / (containing + 0.5));
  const norm = saturation * (1 - lengthPenalty + lengthPenalty * length);
  return (rarity * frequency) / (frequency + norm);
}

/** Documents that hold a word, and how often: two lists of one length. */
interface Postings {
  readonly documents: number[];
  readonly frequencies: number[];
}

/** An index in memory over documents given as lists of words. */
export class Bm25Index {
  readonly #postings = new Map<string, Postings>();
  /** Words of every document over their mean. */
  readonly #lengths: Float64Array;

  constructor(documents: readonly (readonly string[])[]) {
    const total = documents.reduce((sum, words) => sum + words.length, 0);
    const mean = Math.max(1, total / documents.length);
    this.#lengths = Float64Array.from(documents, (words) => words.length / mean);
    documents.forEach((words, document) => {
      const counts = new Map<string, number>();
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const [word, frequency] of counts) this.#add(word, document, frequency);
    });
  }

  /** One score per document; a word that the query repeats counts each time. */
  scores(query: readonly string[]): Float32Array {
    const count = this.#lengths.length;
    const scores = new Float32Array(count);
    for (const word of query) {
      const postings = this.#postings.get(word);
      if (postings === undefined) continue;
      const { documents, frequencies } = postings;
      documents.forEach((document, i) => {
        scores[document]! += bm25Weight(frequencies[i]!, this.#lengths[document]!, count, documents.length);
      });
    }
    return scores;
  }

  #add(word: string, document: number, frequency: number): void {
    let postings = this.#postings.get(word);
    if (postings === undefined) {
      postings = { documents: [], frequencies: [] };
      this.#postings.set(word, postings);
    }
    postings.documents.push(document);
    postings.frequencies.push(frequency);
  }
}
