/** The four levels that a dimension of a rotated vector is cut into. */

/**
 * Levels and the cut between them of the quantizer that loses least of a Gaussian of deviation 1.
 * Source: Max 1960, "Quantizing for Minimum Distortion", table I, 4 output levels.
 */
export const innerLevel = 0.4528;
export const outerLevel = 1.5104;
export const levelCut = 0.9816;

/** What a dimension of a Gaussian of deviation 1 is on average, its sign left out. */
export const meanSize = Math.sqrt(2 / Math.PI);

/** Rows whose signs are stored side by side. */
export const signBlockRows = 32;

/** Bytes of a row in either plane: of an even number, for signs are looked up in two bytes at a time. */
export function codeRowBytes(dimensions: number): number {
  return Math.ceil(dimensions / 16) * 2;
}
