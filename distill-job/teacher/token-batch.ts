/** Sequences of token ids side by side, as a teacher reads them. */

export interface TokenBatch {
  /** rows x length ids, filled up with the padding id. */
  readonly ids: BigInt64Array;
  /** Tokens of every row. */
  readonly lengths: Int32Array;
  /** Tokens of the longest row. */
  readonly length: number;
}

/** @param sequences at least one, of any lengths */
export function tokenBatch(sequences: readonly (readonly number[])[], padId: number): TokenBatch {
  const lengths = Int32Array.from(sequences, (sequence) => sequence.length);
  const length = lengths.reduce((longest, each) => Math.max(longest, each), 1);
  const ids = new BigInt64Array(sequences.length * length).fill(BigInt(padId));
  sequences.forEach((sequence, row) => {
    sequence.forEach((id, position) => {
      ids[row * length + position] = BigInt(id);
    });
  });
  return { ids, lengths, length };
}

/** 1 for a token, 0 for padding: rows x length. */
export function attentionMask({ lengths, length }: TokenBatch): BigInt64Array {
  const mask = new BigInt64Array(lengths.length * length);
  lengths.forEach((used, row) => {
    mask.fill(1n, row * length, row * length + used);
  });
  return mask;
}
