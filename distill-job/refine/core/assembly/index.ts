/**
 * The inner loops of refinement and clustering, over memory that all threads share. Every function works on
 * the rows that it is told to and writes nowhere else; sums are added in an order that does not depend on the
 * threads.
 *
 * Matrices are float32, row after row; `width`, the floats of a row, is a multiple of 32, filled up with
 * zeros. Addresses are in bytes.
 */
export { addColumnMultiples, addToColumnMultiples, columnProducts, rowMultiples } from "./columns";
export { contrast } from "./contrastive";
export { nearestCentres } from "./nearest";
export { productTransposed } from "./product";
export { poolNormalized, sparseProduct } from "./sparse";
export { adamRows } from "./adam";
