/** What is asked of the tokens of any vocabulary. */
import { NearvecError } from "../errors.ts";
import { maxRows } from "../limits.ts";

/**
 * The number of rows that a vocabulary needs: one more than its highest id.
 * @throws NearvecError tokenizer_unsupported for an id that no table has
 */
export function checkTokenIds(ids: ReadonlyMap<string, number>): number {
  let size = 0;
  for (const [token, id] of ids) {
    if (!Number.isInteger(id) || id < 0 || id >= maxRows) {
      throw new NearvecError(
        "tokenizer_unsupported",
        `Expected token ids from 0 to ${maxRows - 1}, got ${id} for "${token}".`,
        { param: "tokenizer.json" },
      );
    }
    size = Math.max(size, id + 1);
  }
  return size;
}

/** model2vec 0.8, `StaticModel.__init__`: `int(np.median([len(token) for token in tokens]))`. */
export function medianTokenLength(tokens: Iterable<string>): number {
  const lengths = Uint32Array.from(tokens, (token) => [...token].length).sort();
  const middle = lengths.length >> 1;
  const median = lengths.length % 2 === 1 ? lengths[middle]! : (lengths[middle - 1]! + lengths[middle]!) / 2;
  return Math.floor(median);
}
