/** Which row each token has, where several tokens share one: Model2Vec's quantized vocabulary. */

/** A token's vector is its row times its weight. */
export interface TokenMapping {
  /** One per token: the number of its row. */
  readonly rows: Uint32Array;
  /** One per token: what its row is multiplied by. Finite; negative ones are allowed. */
  readonly weights: Float32Array;
}

/** The first token that is mapped to a row that there is not, of `count`; undefined if all have one. */
export function tokenWithoutRow(rows: Uint32Array, count: number): number | undefined {
  for (let token = 0; token < rows.length; token++) if (rows[token]! >= count) return token;
  return undefined;
}

/**
 * Gives every token a row of its own.
 *
 * @param rows rows x dimensions values
 * @param mapping null if that is how it is already: `rows` is then returned
 * @returns tokens x dimensions values, weights multiplied in
 */
export function rowPerToken(
  rows: Float32Array,
  dimensions: number,
  mapping: TokenMapping | null,
): Float32Array {
  if (mapping === null) return rows;
  const expanded = new Float32Array(mapping.rows.length * dimensions);
  mapping.weights.forEach((weight, token) => {
    const from = mapping.rows[token]! * dimensions;
    const to = token * dimensions;
    for (let i = 0; i < dimensions; i++) expanded[to + i] = rows[from + i]! * weight;
  });
  return expanded;
}
