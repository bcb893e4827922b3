/** How many documents one Durable Object takes in a second, and what publishing them costs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { WriterDescription } from "../../worker/collections/collection-writer.ts";
import { median, type Suite } from "../suite.ts";
import { CollectionRuntime } from "../workerd/collection-runtime.ts";

const batchDocuments = 100;
const dimensions = 256;

/** What the documents of a run are like. */
interface Load {
  readonly documents: number;
  readonly characters: number;
  /** Rows of a document: 1, or one more than it has windows of 32 tokens. */
  readonly rows: number;
  /** Documents sent in a second at most; as fast as they are taken if not given. */
  readonly pace?: number;
}

interface LoadResult {
  readonly docsPerSecond: number;
  /** Values put into KV until everything was published. */
  readonly kvWrites: number;
  /** From the last acknowledgement to the last manifest. */
  readonly publishMilliseconds: number;
  /** Times that each document was put into a segment. */
  readonly amplification: number;
}

export const run: Suite = async (progress) => {
  const stateFolder = await mkdtemp(join(tmpdir(), "nearvec-writes-"));
  const runtime = await CollectionRuntime.start(stateFolder);
  try {
    let collections = 0;
    const measure = async (what: string, load: Load): Promise<LoadResult> => {
      progress(what);
      return writeAll(runtime, `c${collections++}`, load);
    };
    await measure("warming up", { documents: 2000, characters: 1000, rows: 1 });
    const bursts: LoadResult[] = [];
    for (let round = 0; round < 3; round++) {
      bursts.push(
        await measure("10,000 documents of 1 KB", { documents: 10_000, characters: 1000, rows: 1 }),
      );
    }
    const long = await measure("40,000 documents of 1 KB", { documents: 40_000, characters: 1000, rows: 1 });
    const whole = await measure("10,000 documents of 1.5 KB", {
      documents: 10_000,
      characters: 1500,
      rows: 1,
    });
    const paced = await measure("10,000 documents of 1.5 KB, 1,000 a second", {
      ...{ documents: 10_000, characters: 1500, rows: 1, pace: 1000 },
    });
    const windows = await measure("10,000 documents of 1.5 KB with 10 windows", {
      ...{ documents: 10_000, characters: 1500, rows: 11 },
    });
    progress("single documents");
    const visible = median(await timesUntilVisible(runtime, `c${collections++}`, 7));

    const docsPerSecond = Math.min(median(bursts.map((burst) => burst.docsPerSecond)), long.docsPerSecond);
    const row = (what: string, value: string, target = "") => [what, value, target];
    const perSecond = (value: number) => `${Math.round(value)} docs/s`;
    return {
      columns: ["", "measured", "target"],
      rows: [
        row("10,000 documents of 1 KB, acknowledged", perSecond(median(bursts.map((b) => b.docsPerSecond)))),
        row("40,000 documents of 1 KB, published meanwhile", perSecond(long.docsPerSecond), ">= 1000 docs/s"),
        row("KV writes for 10,000 documents of 1.5 KB", `${whole.kvWrites}`, "<= 20"),
        row("  sent at 1,000 a second", `${paced.kvWrites}`, "<= 20"),
        row("  with rows of 10 windows each", `${windows.kvWrites}`),
        row("KV writes for 40,000 documents of 1 KB", `${long.kvWrites}`),
        row("  times that a document was put into a segment", long.amplification.toFixed(2)),
        row("last of 10,000 acknowledged to all in KV", `${Math.round(whole.publishMilliseconds)} ms`),
        row("one document acknowledged to in KV", `${Math.round(visible)} ms`, "<= 2000 ms"),
      ],
      notes: [
        `One Durable Object in workerd, batches of ${batchDocuments} one after the other, rows of ${dimensions} dimensions that are there already:`,
        "a request, an RPC with the documents, a transaction of SQLite, the answer. Miniflare's KV on this machine's disk.",
        "KV writes are all values put until everything was published, manifests included. The free plan has 1,000 a day.",
      ],
      summary: {
        docsPerSecond: Math.round(docsPerSecond),
        kvWritesPer10k: Math.max(whole.kvWrites, paced.kvWrites),
        kvWritesPer10kWindows: windows.kvWrites,
        writeAmplification: Math.round(long.amplification * 100) / 100,
        publishMs: Math.round(whole.publishMilliseconds),
        visibleMs: Math.round(visible),
      },
    };
  } finally {
    await runtime.kill();
    await rm(stateFolder, { recursive: true, force: true });
  }
};

async function writeAll(runtime: CollectionRuntime, name: string, load: Load): Promise<LoadResult> {
  const { documents, characters, rows, pace } = load;
  const created = await runtime.ask<WriterDescription>("create", { name, dimensions });
  const options = { dimensions, characters, rows };
  const batches = Array.from({ length: documents / batchDocuments }, (_, i) => `${name}-${i}`);
  for (const [i, key] of batches.entries()) {
    await runtime.ask("prepare", { key, from: i * batchDocuments, to: (i + 1) * batchDocuments, ...options });
  }
  const start = performance.now();
  for (const [i, key] of batches.entries()) {
    const due = pace === undefined ? 0 : start + (i * batchDocuments * 1000) / pace;
    await sleep(Math.max(0, due - performance.now()));
    await runtime.ask("writePrepared", { name, key });
  }
  const acknowledged = performance.now();
  const { kvWrites, placements } = await published(runtime, name);
  return {
    docsPerSecond: (documents * 1000) / (acknowledged - start),
    kvWrites: kvWrites - created.kvWrites,
    publishMilliseconds: performance.now() - acknowledged,
    amplification: placements / documents,
  };
}

/** Milliseconds from the acknowledgement of one document to the manifest with it in KV, each after a pause. */
async function timesUntilVisible(runtime: CollectionRuntime, name: string, count: number): Promise<number[]> {
  const times: number[] = [];
  await runtime.ask("create", { name, dimensions });
  for (let i = 0; i < count; i++) {
    await sleep(1500);
    await runtime.ask("write", { name, from: i, to: i + 1, dimensions });
    const acknowledged = performance.now();
    await published(runtime, name);
    times.push(performance.now() - acknowledged);
  }
  return times;
}

/** Waits until all that was written is in KV, which the writer says when it has been put there. */
async function published(runtime: CollectionRuntime, name: string): Promise<WriterDescription> {
  for (;;) {
    const description = await runtime.ask<WriterDescription>("describe", { name });
    if (description.publishedSequence >= description.sequence) return description;
    await sleep(10);
  }
}
