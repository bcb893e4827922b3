/** Who embeds: this thread, several, or a worker. All give the same vectors. */
import type { NearvecClient } from "../../client/http/nearvec-client.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { reachingWorker } from "../command-line/worker-client.ts";
import { scriptBeside } from "../threads/script-beside.ts";
import { ThreadPool } from "../threads/thread-pool.ts";
import {
  type EmbedQuestion,
  type EmbedSettings,
  embedBatch,
  type RenderedBatch,
  renderBatch,
  type TextBatch,
} from "./embed-work.ts";

export interface Embedder {
  /** Batches that are worth having in hand at once. */
  readonly ahead: number;
  embed(batch: TextBatch): Promise<RenderedBatch>;
  /** The model's name, once something has been embedded. */
  readonly modelName: string;
  /** Dimensions of vectors where nothing has been embedded; 0 if only a worker knows. */
  readonly dimensions: number;
  close(): Promise<void>;
}

/** @param threads 1: embeds in this thread */
export async function localEmbedder(
  file: Uint8Array,
  settings: EmbedSettings,
  threads: number,
): Promise<Embedder> {
  const model = await StaticModel.load(file);
  const about = { modelName: model.metadata.name, dimensions: settings.dimensions ?? model.dimensions };
  // Says what is wrong with the settings before a thread is started.
  embedBatch(model, { texts: [{ text: "" }], first: 0 }, settings);
  if (threads === 1) {
    const embed = async (batch: TextBatch) => embedBatch(model, batch, settings);
    return { ...about, ahead: 1, embed, close: async () => {} };
  }
  const pool = new ThreadPool<EmbedQuestion, RenderedBatch | null>(
    scriptBeside(import.meta.url, "embed-thread"),
    threads,
  );
  await pool.askEach({ kind: "load", model: file }).catch(async (error) => {
    await pool.close();
    throw error;
  });
  return {
    ...about,
    ahead: threads * 2,
    embed: async (batch) => (await pool.ask({ kind: "embed", batch, settings }))!,
    close: () => pool.close(),
  };
}

/** Requests to a worker that are under way at once. */
const requestsAtOnce = 4;

/** @param modelName the worker's default model if not given */
export function remoteEmbedder(
  client: NearvecClient,
  modelName: string | undefined,
  settings: EmbedSettings,
): Embedder {
  let answered = modelName ?? "";
  const { dimensions } = settings;
  return {
    ahead: requestsAtOnce,
    get modelName() {
      return answered;
    },
    dimensions: dimensions ?? 0,
    async embed(batch) {
      // Workers refuse an empty text; a model makes zeros of it.
      const texts = batch.texts.map(({ text }) => text);
      const asked = texts.flatMap((text, i) => (text === "" ? [] : [i]));
      const options = { dimensions, ...(modelName === undefined ? {} : { model: modelName }) };
      // Even a batch of empty texts alone needs to know how wide its zeros are.
      const some = asked.length > 0 ? asked.map((i) => texts[i]!) : ["-"];
      const {
        vectors: found,
        model,
        tokens,
      } = await reachingWorker(() => client.embedWithUsage(some, options));
      answered = model;
      const width = found[0]!.length;
      const vectors: Float32Array[] = texts.map(() => new Float32Array(width));
      asked.forEach((i, at) => {
        vectors[i] = found[at]!;
      });
      const unknown = vectors.filter((vector) => vector.every((value) => value === 0)).length;
      return {
        ...renderBatch(vectors, batch, settings),
        ...{ dimensions: width, tokens: asked.length > 0 ? tokens : 0, unknown },
      };
    },
    close: async () => {},
  };
}
