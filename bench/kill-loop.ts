/** Kills the runtime of a collection at random moments while it is written to, and counts what that cost. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { random, writtenDocument } from "../test/support/written-documents.ts";
import type { WriterDescription } from "../worker/collections/collection-writer.ts";
import { CollectionRuntime } from "./workerd/collection-runtime.ts";

export interface KillLoopOptions {
  /** Documents written at least once. */
  readonly documents: number;
  readonly kills: number;
  readonly seed: number;
  readonly progress?: (line: string) => void;
}

export interface KillLoopResult {
  /** Acknowledged changes of documents. */
  readonly writes: number;
  readonly kills: number;
  /** Documents whose acknowledged state was not there: in the Durable Object, or in KV after the next publish. */
  readonly lost: number;
  /** Documents that were there more than once, or after they had been removed. */
  readonly duplicated: number;
  /** Manifests that were in KV after a kill. */
  readonly generations: readonly number[];
}

/** A change of neighbouring documents: to a version, or null if they are removed. */
interface Batch {
  readonly from: number;
  readonly to: number;
  readonly version: number | null;
}

type Listed = readonly (readonly [id: string, version: number])[];

const batchDocuments = 50;
/** Batches at the same time. Each writes documents of its own. */
const writers = 4;
/** Milliseconds for which a runtime lives at most while there are kills to come. */
const maxLifeMilliseconds = 2500;

/** Writes every document, and then changes them at random until all kills are done; then compares. */
export async function killLoop(options: KillLoopOptions): Promise<KillLoopResult> {
  const { documents, progress = () => {} } = options;
  const next = random(options.seed);
  const stateFolder = await mkdtemp(join(tmpdir(), "nearvec-kill-"));
  const ranges = Math.ceil(documents / batchDocuments);
  const acknowledged = new Map<number, number | null>();
  /** By range: a batch that was sent and not answered. It may have been taken or not, so it is sent again. */
  const unanswered = new Map<number, Batch>();
  const generations: number[] = [];
  let unwritten = 0;
  let version = 0;
  let writes = 0;
  let lost = 0;
  let duplicated = 0;

  const makeBatch = (range: number): Batch => ({
    from: range * batchDocuments,
    to: Math.min(documents, (range + 1) * batchDocuments),
    version: acknowledged.has(range) && next() % 4 === 0 ? null : ++version,
  });
  const compare = (listed: Listed): void => {
    const found = new Map(listed);
    if (found.size !== listed.length) duplicated += listed.length - found.size;
    for (const [range, expected] of acknowledged) {
      const tried = unanswered.get(range)?.version;
      for (
        let number = range * batchDocuments;
        number < Math.min(documents, (range + 1) * batchDocuments);
        number++
      ) {
        const here = found.get(writtenDocument(number).id) ?? null;
        if (here === expected || (tried !== undefined && here === tried)) continue;
        if (here === null) lost++;
        else if (expected === null) duplicated++;
        else lost++;
      }
    }
  };

  let runtime = await CollectionRuntime.start(stateFolder);
  try {
    await runtime.ask("create");
    for (let kills = 0; kills <= options.kills; kills++) {
      const isLast = kills === options.kills;
      let alive = true;
      const busy = new Set(unanswered.keys());
      const queue = [...unanswered.keys()];
      const writer = async (): Promise<void> => {
        while (alive) {
          let range = queue.shift();
          if (range === undefined) {
            if (isLast && unwritten >= ranges) return;
            range = unwritten < ranges ? unwritten++ : next() % ranges;
            if (busy.has(range)) continue;
            busy.add(range);
          }
          const batch = unanswered.get(range) ?? makeBatch(range);
          unanswered.set(range, batch);
          try {
            if (batch.version === null) await runtime.ask("remove", { from: batch.from, to: batch.to });
            else await runtime.ask("write", { ...batch, version: batch.version });
          } catch (error) {
            // A runtime that is still alive has no reason to refuse.
            if (alive) throw error;
            return;
          }
          acknowledged.set(range, batch.version);
          writes += batch.to - batch.from;
          unanswered.delete(range);
          busy.delete(range);
          await sleep(next() % 40);
        }
      };
      const writing = Promise.all(Array.from({ length: writers }, writer));
      if (isLast) {
        await writing;
        break;
      }
      await Promise.race([writing, sleep(next() % maxLifeMilliseconds)]);
      alive = false;
      await runtime.kill();
      await writing;
      runtime = await CollectionRuntime.start(stateFolder);
      compare(await runtime.ask<Listed>("documents"));
      const published = await runtime.ask<{ generation: number; documents: Listed }>("published");
      duplicated += published.documents.length - new Map(published.documents).size;
      generations.push(published.generation);
      progress(
        `killed ${kills + 1} times, ${writes} writes acknowledged, generation ${published.generation}`,
      );
    }
    compare(await runtime.ask<Listed>("documents"));
    await allPublished(runtime);
    const published = await runtime.ask<{ documents: Listed }>("published");
    compare(published.documents);
    return { writes, kills: options.kills, lost, duplicated, generations };
  } finally {
    await runtime.kill();
    await rm(stateFolder, { recursive: true, force: true });
  }
}

/** @throws if what was written is not in KV after a while */
async function allPublished(runtime: CollectionRuntime): Promise<void> {
  for (let round = 0; round < 600; round++) {
    const { sequence, publishedSequence, generation, publishError } =
      await runtime.ask<WriterDescription>("describe");
    const published = await runtime.ask<{ generation: number }>("published");
    if (sequence === publishedSequence && published.generation === generation) return;
    if (publishError !== null) throw new Error(publishError);
    await sleep(100);
  }
  throw new Error("Expected everything to be published within a minute");
}
