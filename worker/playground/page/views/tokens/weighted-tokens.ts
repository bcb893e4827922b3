/** A text's tokens with what each of them weighs: what the tokenizer gives and what the table gives, put together. */

/** As /tokenize gives it. */
export interface GivenToken {
  readonly id: number;
  /** As the vocabulary has it, `##` and `▁` included. */
  readonly text: string;
}

/** The tokens that have a row, in order, as /v1/encode_as_sequence gives them. */
export interface TokenRows {
  readonly ids: readonly number[];
  readonly vectors: readonly Float32Array[];
}

export interface WeightedToken extends GivenToken {
  /** Length of its row, which says how far it pulls the mean; null if it has none: it is unknown, and left out. */
  readonly weight: number | null;
  /** Cosine of its row and the mean of all; null if it has no row. */
  readonly agreement: number | null;
  /** Whether it goes on where the token before it ends, without a space. */
  readonly joined: boolean;
}

/** Unknown tokens are those that the rows leave out. */
export function weightedTokens(tokens: readonly GivenToken[], { ids, vectors }: TokenRows): WeightedToken[] {
  const mean = sumOf(vectors);
  const meanLength = lengthOf(mean);
  let next = 0;
  return tokens.map((token, i) => {
    const joined = i > 0 && isJoined(token.text, tokens);
    if (ids[next] !== token.id) return { ...token, weight: null, agreement: null, joined };
    const row = vectors[next]!;
    next++;
    const weight = lengthOf(row);
    const product = weight * meanLength;
    return { ...token, weight, agreement: product === 0 ? 0 : dot(row, mean) / product, joined };
  });
}

/** The token without the signs that say whether a word begins. */
export function shownText(text: string): string {
  return text.replace(/^(?:##|▁)(?=.)/u, "");
}

/** WordPiece marks what goes on, SentencePiece what begins. */
function isJoined(text: string, tokens: readonly GivenToken[]): boolean {
  if (text.startsWith("##")) return true;
  return tokens.some((token) => token.text.startsWith("▁")) && !text.startsWith("▁");
}

function sumOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!;
  return sum;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector));
}
