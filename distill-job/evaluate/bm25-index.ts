/** BM25 over documents in memory: what a ranking by vectors is compared and fused with. */
import { bm25Norm, bm25Rarity, bm25Weight } from "../../shared/search/ranking/bm25.ts";

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
      const rarity = bm25Rarity(count, documents.length);
      documents.forEach((document, i) => {
        scores[document]! += bm25Weight(rarity, frequencies[i]!, bm25Norm(this.#lengths[document]!));
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
