/**
 * `npm run bench -- search`: how fast a resident index answers, in workerd, and how well it ranks SciFact. Its parts,
 * each alone with `--part`: hundred-thousand, million, scifact, adapted.
 *
 * `adapted` takes its teachers over SciFact's abstracts first: a quarter of an hour, once; the vectors stay in
 * .nearvec/teacher-vectors.
 */
import { readFile } from "node:fs/promises";
import type { Miniflare } from "miniflare";
import { baseModelPath } from "../../distill-job/default-model/default-model.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { measureHundredThousand } from "../search/hundred-thousand.ts";
import { measureMillion } from "../search/million.ts";
import { measureAdaptedSciFact, measureSciFact } from "../search/scifact.ts";
import { realSentences } from "../search/texts.ts";
import type { PartResult, Progress, Suite } from "../suite.ts";
import { buildReadMemory } from "../workerd/build-read-memory.ts";
import { startIsolate } from "../workerd/isolate.ts";

const mebibyte = 1024 * 1024;

type Part = (model: StaticModel, progress: Progress) => Promise<PartResult>;

const hundredThousand: Part = async (model, progress) => {
  const { median, ratio, bytes } = await inWorkerd(model, progress, measureHundredThousand);
  const bandwidth = ratio("read", "vector");
  const gigabytes = (100_000 * model.dimensions) / 1e6 / median.read;
  return {
    rows: [
      ["top-10 of 100,000 x 256 int8", `${median.vector.toFixed(2)} ms`, "<= 1.6"],
      ["  times faster than plain JavaScript", ratio("js", "vector").toFixed(1), ">= 20"],
      ["  times faster than unrolled JavaScript", ratio("jsUnrolled", "vector").toFixed(1)],
      ["  share of the speed of reading those bytes", bandwidth.toFixed(2), ">= 0.5"],
      ["  1% pass the filter", `${median.filtered.toFixed(3)} ms`, "faster"],
      ["  50% pass the filter", `${median.halved.toFixed(2)} ms`],
      ["  by words", `${median.keyword.toFixed(2)} ms`],
      ["  by both", `${median.hybrid.toFixed(2)} ms`],
      ["  resident", `${(bytes / mebibyte).toFixed(1)} MiB`],
    ],
    notes: [
      "100,000: sentences of WordNet, State of the Union addresses, Moby-Dick, the World Factbook, SciFact, STSBenchmark",
      "and Banking77. Queries are sentences that are not there.",
      "Times in one workerd isolate, in turn, medians of 9 rounds of 300 ms; ratios are medians of the ratios of a round.",
      `Reading once is a SIMD loop that adds up the same bytes: ${gigabytes.toFixed(1)} GB/s.`,
    ],
    summary: {
      topMs: round(median.vector),
      ratioVsJs: round(ratio("js", "vector")),
      ratioVsUnrolledJs: round(ratio("jsUnrolled", "vector")),
      bandwidthFraction: round(bandwidth),
      filteredMs: round(median.filtered),
      keywordMs: round(median.keyword),
      hybridMs: round(median.hybrid),
    },
  };
};

const million: Part = async (model, progress) => {
  const measured = await inWorkerd(model, progress, measureMillion);
  return {
    rows: [
      ["top-10 of 1,000,000 in codes, scan", `${measured.milliseconds.toFixed(2)} ms`, "<= 15"],
      ["  recall@10 against exact float", measured.recall.toFixed(4), ">= 0.99"],
      ["  resident", `${(measured.bytes / mebibyte).toFixed(1)} MiB`, "<= 96"],
      ["  rows read per query", measured.rowsRead.toFixed(1)],
      ["  KV reads per query", measured.partsRead.toFixed(1)],
      ["  MiB read per query", (measured.bytesRead / mebibyte).toFixed(1)],
    ],
    notes: [
      "A million: the same sentences and some more, then halves of two of them joined.",
      "They are documents of vectors alone, each segment's codes by its own mean and deviation; resident is all of the",
      "index: codes, ids, tables, and what queries work in. Recall is of whitened cosines, 200 queries, in Node.",
    ],
    summary: {
      millionMs: round(measured.milliseconds),
      millionRecallAt10: round(measured.recall, 4),
      millionMiB: round(measured.bytes / mebibyte),
      millionRowsRead: round(measured.rowsRead),
      millionReads: round(measured.partsRead),
      millionReadMiB: round(measured.bytesRead / mebibyte),
    },
  };
};

const allParts = {
  "hundred-thousand": hundredThousand,
  million,
  scifact: measureSciFact,
  adapted: measureAdaptedSciFact,
};

/** One after the other, in one table. */
function suiteOf(measured: readonly Part[]): Suite {
  return async (progress) => {
    const model = await StaticModel.load(await readFile(baseModelPath));
    const results: PartResult[] = [];
    for (const part of measured) results.push(await part(model, progress));
    return {
      columns: ["", "measured", "asked"],
      rows: results.flatMap(({ rows }) => rows.map(([what, figure, asked]) => [what, figure, asked ?? ""])),
      notes: results.flatMap(({ notes }) => notes),
      summary: Object.assign({}, ...results.map(({ summary }) => summary)),
    };
  };
}

export const run = suiteOf(Object.values(allParts));

export const parts = Object.fromEntries(
  Object.entries(allParts).map(([name, part]) => [name, suiteOf([part])]),
);

async function inWorkerd<Measured>(
  model: StaticModel,
  progress: Progress,
  measure: (
    miniflare: Miniflare,
    model: StaticModel,
    sentences: readonly string[],
    progress: Progress,
  ) => Promise<Measured>,
): Promise<Measured> {
  progress("reading sentences");
  const sentences = await realSentences();
  await buildReadMemory();
  progress("starting workerd");
  const miniflare = await startIsolate("search-worker.ts");
  try {
    return await measure(miniflare, model, sentences, progress);
  } finally {
    await miniflare.dispose();
  }
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
