/** The table of added tokens, in the form that the kernel reads: by first byte, longest first. */
import { addedTokenNormalized, addedTokensIndexWords } from "./table-layout.ts";

/** An added token as the text in which it is looked for has it. */
export interface AddedToken {
  readonly id: number;
  /** For a normalized token, its normalized form. */
  readonly bytes: Uint8Array;
  readonly normalized: boolean;
}

/** Builds the table; empty tokens match nothing and are left out. */
export function buildAddedTokenTable(tokens: readonly AddedToken[]): Uint32Array {
  const sorted = tokens
    .filter(({ bytes }) => bytes.length > 0)
    .sort((left, right) => left.bytes[0]! - right.bytes[0]! || right.bytes.length - left.bytes.length);
  const words = sorted.reduce(
    (sum, { bytes }) => sum + 3 + Math.ceil(bytes.length / 4),
    addedTokensIndexWords,
  );
  const table = new Uint32Array(words);
  const bytes = new Uint8Array(table.buffer);
  let at = addedTokensIndexWords;
  let next = 0;
  for (let firstByte = 0; firstByte < addedTokensIndexWords; firstByte++) {
    table[firstByte] = at;
    for (; next < sorted.length && sorted[next]!.bytes[0] === firstByte; next++) {
      const token = sorted[next]!;
      table[at] = token.id;
      table[at + 1] = token.normalized ? addedTokenNormalized : 0;
      table[at + 2] = token.bytes.length;
      bytes.set(token.bytes, (at + 3) * 4);
      at += 3 + Math.ceil(token.bytes.length / 4);
    }
  }
  return table;
}
