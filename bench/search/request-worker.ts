/** The real worker in workerd with a collection of 100,000 sentences, uploaded as `nearvec index` does, and asked by HTTP. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import { baseModelPath } from "../../distill-job/default-model/default-model.ts";
import { indexDocuments } from "../../distill-job/index-documents/index-documents.ts";
import { WorkerCollection } from "../../distill-job/index-documents/worker-collection.ts";
import { defaultThreads } from "../../distill-job/threads/thread-pool.ts";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import { formatModelPointer } from "../../shared/model-store/model-pointer.ts";
import { directUrl, startIsolate } from "../workerd/isolate.ts";

const modelName = "base";

export class RequestWorker {
  readonly #isolate: Miniflare;
  readonly #folder: string;
  readonly url: string;

  private constructor(isolate: Miniflare, folder: string, url: string) {
    this.#isolate = isolate;
    this.#folder = folder;
    this.url = url;
  }

  static async start(): Promise<RequestWorker> {
    const folder = await mkdtemp(join(tmpdir(), "nearvec-requests-"));
    const isolate = await startIsolate("../../worker/index.ts", {
      ...{ r2Buckets: ["MODELS"], kvNamespaces: ["COLLECTIONS"] },
      durableObjects: { COLLECTION: "CollectionObject" },
      // A line for each request would go to this terminal.
      variables: { DEFAULT_MODEL: modelName, ACCESS: "open", REQUEST_LOG: "off" },
      stateFolder: join(folder, "state"),
      inspected: true,
    });
    const bytes = await readFile(baseModelPath);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const bucket = await isolate.getR2Bucket("MODELS");
    await bucket.put(artifactKey(modelName, sha256), bytes);
    const pointer = formatModelPointer({ sha256, bytes: bytes.length, previous: null });
    await bucket.put(pointerKey(modelName), pointer);
    return new RequestWorker(isolate, folder, await directUrl(isolate));
  }

  inspector(): Promise<URL> {
    return this.#isolate.getInspectorURL();
  }

  /** @param wish settings of the collection, as the API has them; the defaults of the others */
  async fill(name: string, texts: readonly string[], wish: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(this.#folder, `${name}.jsonl`);
    await writeFile(file, texts.map((text, i) => JSON.stringify({ id: `sentence-${i}`, text })).join("\n"));
    const collection = new WorkerCollection({ url: this.url, key: null }, name);
    const settings = await collection.create(wish);
    const reading = { fields: settings.fields };
    await indexDocuments(
      { paths: [file], model: baseModelPath, threads: defaultThreads(), force: false, settings, reading },
      collection,
      () => {},
    );
  }

  /** The answer's body, and the stages that `server-timing` names, in milliseconds. */
  async search(
    collection: string,
    request: Readonly<Record<string, unknown>>,
  ): Promise<{ answer: SearchAnswerBody; stages: Record<string, number> }> {
    const response = await fetch(`${this.url}/v1/collections/${collection}/search`, {
      ...{ method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify(request),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`search: ${response.status} ${text}`);
    const timing = response.headers.get("server-timing") ?? "";
    const stages = timing.split(", ").map((stage) => {
      const [name, duration] = stage.split(";dur=");
      return [name!, Number(duration)] as const;
    });
    return { answer: JSON.parse(text), stages: Object.fromEntries(stages) };
  }

  /** A request that costs what every request does, and nothing more. */
  async hello(): Promise<void> {
    const response = await fetch(`${this.url}/health`);
    await response.text();
  }

  async stop(): Promise<void> {
    await this.#isolate.dispose();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Of an answer, what is looked at. */
export interface SearchAnswerBody {
  readonly partial: boolean;
  readonly results: readonly { readonly id: string; readonly snippet?: { readonly text: string } }[];
}
