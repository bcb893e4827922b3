/** Documents with their vectors out of an export: lines of JSON, read as they come. */

/** Points at most: more would hide each other. */
export const maxPoints = 5000;

export interface MapDocument {
  readonly id: string;
  readonly text: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Points {
  readonly documents: readonly MapDocument[];
  /** Vectors of `width` numbers, one after the other. */
  readonly vectors: Float32Array;
  readonly width: number;
  /** Whether there were more documents than are shown. */
  readonly cut: boolean;
}

/** @param progress Told how many have come so far. */
export async function readPoints(
  stream: ReadableStream<Uint8Array>,
  width: number,
  progress: (count: number) => void,
): Promise<Points> {
  const documents: MapDocument[] = [];
  const vectors: number[][] = [];
  let cut = false;
  for await (const line of linesOf(stream)) {
    if (documents.length === maxPoints) {
      cut = true;
      break;
    }
    const { vector, ...document } = JSON.parse(line) as MapDocument & { vector?: number[] };
    if (vector === undefined || vector.length !== width) continue;
    documents.push(document);
    vectors.push(vector);
    if (documents.length % 100 === 0) progress(documents.length);
  }
  const all = new Float32Array(vectors.length * width);
  for (const [i, vector] of vectors.entries()) all.set(vector, i * width);
  return { documents, vectors: all, width, cut };
}

/** Leaving the loop ends the stream. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line !== "") yield line;
      if (done) break;
    }
    if (rest !== "") yield rest;
  } finally {
    await reader.cancel();
  }
}
