/** Top-10 of 100,000 real sentences, against plain JavaScript and against reading the bytes once, in workerd. */
import type { Miniflare } from "miniflare";
import { encodeDocument, encodeQuery } from "../../shared/search/encode-document.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { wordsOf } from "../../shared/search/text/terms.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import { median } from "../suite.ts";
import { post, postSegment } from "./post-segment.ts";

const documentCount = 100_000;
const documentsPerSegment = 16_384;
const queryCount = 50;
/** Documents are in as many buckets, one of which is 1% of them. */
const buckets = 100;
const rounds = 9;

export const measuredKinds = [
  "vector",
  "js",
  "jsUnrolled",
  "read",
  "filtered",
  "halved",
  "keyword",
  "hybrid",
] as const;
export type MeasuredKind = (typeof measuredKinds)[number];

export interface HundredThousand {
  /** Milliseconds per query. */
  readonly median: Readonly<Record<MeasuredKind, number>>;
  /** Median of the ratios of one round each. */
  readonly ratio: (left: MeasuredKind, right: MeasuredKind) => number;
  readonly bytes: number;
}

/** @param sentences the first are documents, the last queries */
export async function measureHundredThousand(
  miniflare: Miniflare,
  model: StaticModel,
  sentences: readonly string[],
  progress: (line: string) => void,
): Promise<HundredThousand> {
  const { dimensions } = model;
  const settings = { dimensions, fields: { bucket: "number" }, chunking: null, bestWindow: false } as const;
  await post(miniflare, `/index?dimensions=${dimensions}`);
  for (let first = 0; first < documentCount; first += documentsPerSegment) {
    progress(`writing segments of 100,000 sentences, from ${first} on`);
    const texts = sentences.slice(first, Math.min(first + documentsPerSegment, documentCount));
    const documents = texts.map((text, i) => {
      const number = first + i;
      const metadata = { bucket: number % buckets };
      return encodeDocument(model, { id: `${number}`, text, metadata }, settings);
    });
    await postSegment(miniflare, "rows", await writeSegment(documents, settings));
  }
  const queries = sentences.slice(-queryCount).map((text) => ({
    vector: [...encodeQuery(model, text, dimensions)],
    terms: wordsOf(text),
  }));
  await post(miniflare, "/queries", queries);
  const { same } = await post(miniflare, "/agreement");
  if (!(same! > 0.99))
    throw new Error(`nearvec and its peer disagree: ${same} of the documents are the same`);

  const times = new Map<MeasuredKind, number[]>(measuredKinds.map((kind) => [kind, []]));
  for (let round = -1; round < rounds; round++) {
    progress(round < 0 ? "warming up" : `round ${round + 1} of ${rounds}`);
    for (const kind of measuredKinds) {
      const { milliseconds } = await post(miniflare, `/measure?what=${kind}`);
      if (round >= 0) times.get(kind)!.push(milliseconds!);
    }
  }
  return {
    median: Object.fromEntries(measuredKinds.map((kind) => [kind, median(times.get(kind)!)])) as Record<
      MeasuredKind,
      number
    >,
    ratio: (left, right) => median(times.get(left)!.map((time, i) => time / times.get(right)![i]!)),
    bytes: (await post(miniflare, "/size")).bytes!,
  };
}
