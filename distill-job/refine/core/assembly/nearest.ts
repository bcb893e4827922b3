/** Which of many centres is nearest. */
import { productTransposed } from "./product";

/** Centres compared at a time; `products` has this many floats for each row. */
const blockCentres: u32 = 64;

/**
 * Compares rows with centres: the score of a pair is its product less the centre's `halfSquares`, which is
 * highest where the distance is least. What a row has found before stays unless a centre scores higher, or
 * as high with a lower number: the result does not depend on the order in which centres come.
 *
 * @param inner floats of a row of both, a multiple of 4
 * @param halfSquares f32 of every centre
 * @param numbers u32 of every centre: what it is called in `best`
 * @param best u32 of every row: the best centre so far
 * @param scores f32 of every row: its score
 * @param products room for rows x 64 floats
 */
export function nearestCentres(
  vectors: usize,
  rows: u32,
  centres: usize,
  count: u32,
  inner: u32,
  halfSquares: usize,
  numbers: usize,
  best: usize,
  scores: usize,
  products: usize,
): void {
  for (let from: u32 = 0; from < count; from += blockCentres) {
    const centresHere = min(count - from, blockCentres);
    productTransposed(vectors, rows, centres + ((from * inner) << 2), centresHere, inner, products, blockCentres);
    for (let row: u32 = 0; row < rows; row++) {
      const rowProducts = products + ((row * blockCentres) << 2);
      let highest = load<f32>(scores + (row << 2));
      let number = load<u32>(best + (row << 2));
      for (let i: u32 = 0; i < centresHere; i++) {
        const score = load<f32>(rowProducts + (i << 2)) - load<f32>(halfSquares + ((from + i) << 2));
        if (score < highest) continue;
        const candidate = load<u32>(numbers + ((from + i) << 2));
        if (score > highest || (score == highest && candidate < number)) {
          highest = score;
          number = candidate;
        }
      }
      store<f32>(scores + (row << 2), highest);
      store<u32>(best + (row << 2), number);
    }
  }
}
