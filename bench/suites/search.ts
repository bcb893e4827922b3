/**
 * `npm run bench -- search`: how fast a resident index answers, in workerd, and how well it ranks SciFact.
 *
 * The adapted model takes its teachers over SciFact's abstracts first: a quarter of an hour, once; the vectors
 * stay in .nearvec/teacher-vectors.
 */
import { readFile } from "node:fs/promises";
import { baseModelPath } from "../../distill-job/default-model/default-model.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { measureHundredThousand } from "../search/hundred-thousand.ts";
import { measureMillion } from "../search/million.ts";
import { measureSciFact } from "../search/scifact.ts";
import { realSentences } from "../search/texts.ts";
import type { Suite } from "../suite.ts";
import { buildReadMemory } from "../workerd/build-read-memory.ts";
import { startIsolate } from "../workerd/isolate.ts";

const mebibyte = 1024 * 1024;

export const run: Suite = async (progress) => {
  const model = await StaticModel.load(await readFile(baseModelPath));
  progress("reading sentences");
  const sentences = await realSentences();
  await buildReadMemory();
  progress("starting workerd");
  const miniflare = await startIsolate("search-worker.ts");
  try {
    const hundred = await measureHundredThousand(miniflare, model, sentences, progress);
    const million = await measureMillion(miniflare, model, sentences, progress);
    const quality = await measureSciFact(model, progress);
    const { median } = hundred;
    const bandwidth = hundred.ratio("read", "vector");
    const gigabytes = (100_000 * model.dimensions) / 1e6 / median.read;
    const rows: [what: string, measured: string, asked?: string][] = [
      ["top-10 of 100,000 x 256 int8", `${median.vector.toFixed(2)} ms`, "<= 1.6"],
      ["  times faster than plain JavaScript", hundred.ratio("js", "vector").toFixed(1), ">= 20"],
      ["  times faster than unrolled JavaScript", hundred.ratio("jsUnrolled", "vector").toFixed(1)],
      ["  share of the speed of reading those bytes", bandwidth.toFixed(2), ">= 0.5"],
      ["  1% pass the filter", `${median.filtered.toFixed(3)} ms`, "faster"],
      ["  50% pass the filter", `${median.halved.toFixed(2)} ms`],
      ["  by words", `${median.keyword.toFixed(2)} ms`],
      ["  by both", `${median.hybrid.toFixed(2)} ms`],
      ["  resident", `${(hundred.bytes / mebibyte).toFixed(1)} MiB`],
      ["top-10 of 1,000,000 in codes, scan", `${million.milliseconds.toFixed(2)} ms`, "<= 15"],
      ["  recall@10 against exact float", million.recall.toFixed(4), ">= 0.99"],
      ["  resident", `${(million.bytes / mebibyte).toFixed(1)} MiB`, "<= 96"],
      ["  rows read per query", million.rowsRead.toFixed(1)],
      ["  KV reads per query", million.partsRead.toFixed(1)],
      ["  MiB read per query", (million.bytesRead / mebibyte).toFixed(1)],
      ...quality.rows,
    ];
    return {
      columns: ["", "measured", "asked"],
      rows: rows.map(([what, measured, asked]) => [what, measured, asked ?? ""]),
      notes: [
        "100,000: sentences of WordNet, State of the Union addresses, Moby-Dick, the World Factbook, SciFact, STSBenchmark",
        `and Banking77. A million: those ${sentences.length}, then halves of two of them joined. Queries are sentences that are not there.`,
        "Times in one workerd isolate, in turn, medians of 9 rounds of 300 ms; ratios are medians of the ratios of a round.",
        `Reading once is a SIMD loop that adds up the same bytes: ${gigabytes.toFixed(1)} GB/s.`,
        "The million are documents of vectors alone, each segment's codes by its own mean and deviation; resident is all of the",
        "index: codes, ids, tables, and what queries work in. Recall is of whitened cosines, 200 queries, in Node.",
        ...quality.notes,
      ],
      summary: {
        topMs: round(median.vector),
        ratioVsJs: round(hundred.ratio("js", "vector")),
        ratioVsUnrolledJs: round(hundred.ratio("jsUnrolled", "vector")),
        bandwidthFraction: round(bandwidth),
        filteredMs: round(median.filtered),
        keywordMs: round(median.keyword),
        hybridMs: round(median.hybrid),
        millionMs: round(million.milliseconds),
        millionRecallAt10: round(million.recall, 4),
        millionMiB: round(million.bytes / mebibyte),
        millionRowsRead: round(million.rowsRead),
        millionReads: round(million.partsRead),
        millionReadMiB: round(million.bytesRead / mebibyte),
        ...quality.summary,
      },
    };
  } finally {
    await miniflare.dispose();
  }
};

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
