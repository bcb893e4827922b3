/**
 * The search kernel: scores of rows, words and documents, over sections of memory that the host lays out and
 * names by their addresses. One instance holds the segments of one collection.
 */
export { beginHash, finishHash, hashStripes } from "../../../kernel/assembly/xxhash64";
export { countBits, spreadBits } from "./bitmap";
export { boundRows } from "./bound-rows";
export { listRows, scoreDocuments, scoreEntries } from "./entry-scores";
export { beginRange, extendRange, fuseScores, leastScore, mostScore } from "./fusion";
export { countScores, markOutstanding } from "./outstanding-scores";
export { beginRows, mostNearRow, mostRest, splitRows } from "./half-bytes";
export { joinRows } from "./join-rows";
export { checkPostings, countPostings, frequencyOf, scorePostings } from "./postings";
export { scoreLevelsAt } from "./score-levels";
export { scoreRows, scoreRowsAt } from "./score-rows";
export { scoreSigns } from "./score-signs";
export { selectTop } from "./select-top";
export { whitenRows } from "./whiten-rows";

/** First byte that the kernel itself does not use. */
export function heapPointer(): usize {
  return __heap_base;
}
