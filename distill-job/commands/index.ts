/** `nearvec index`: documents into a collection, embedded on this machine. */
import { Command, InvalidArgumentError, Option } from "commander";
import { NearvecError } from "../../shared/errors.ts";
import { type FieldType, fieldTypes } from "../../shared/search/collection/collection-settings.ts";
import { defaultPort } from "../dev/local-bucket.ts";
import { findCollectionModel } from "../index-documents/collection-model.ts";
import { type IndexingResult, indexDocuments } from "../index-documents/index-documents.ts";
import { documentTextFields, idFields } from "../index-documents/record-document.ts";
import { type CollectionWish, WorkerCollection } from "../index-documents/worker-collection.ts";
import { indexProgress } from "../output/index-progress.ts";
import { defaultThreads } from "../threads/thread-pool.ts";

interface IndexOptions {
  readonly collection: string;
  readonly url: string;
  readonly key?: string;
  readonly model?: string;
  readonly modelName?: string;
  readonly field?: Readonly<Record<string, FieldType>>;
  readonly bestWindow?: boolean;
  readonly chunk?: "sentences" | "size";
  readonly idField?: string;
  readonly textField?: readonly string[];
  readonly threads: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function indexCommand(): Command {
  return new Command("index")
    .description("Put documents into a collection of a worker: embedded here, uploaded as finished segments.")
    .argument("<path...>", ".jsonl, .ndjson, .csv or .tsv with a document each; .txt, .md; folders of them")
    .requiredOption("-c, --collection <name>", "collection; it is created if it is not there")
    .option("--url <url>", "the worker", process.env.NEARVEC_URL ?? `http://127.0.0.1:${defaultPort}`)
    .option("--key <key>", "its key (default: NEARVEC_API_KEY)", process.env.NEARVEC_API_KEY)
    .option("--model <file>", "the collection's model file (default: the right one of models/)")
    .option("--model-name <name>", "model of a new collection (default: the worker's default model)")
    .option(
      "--field <name:type>",
      `a field that filters may name in a new collection, ${fieldTypes.join(", ")}; may be given again`,
      addField,
    )
    .option("--best-window", "in a new collection, score a text's best 32 tokens beside the whole")
    .addOption(
      new Option("--chunk <by>", "in a new collection, cut long texts").choices(["sentences", "size"]),
    )
    .option("--id-field <name>", `field or column of the id (default: ${idFields.join(", ")})`)
    .option("--text-field <name...>", `fields of the text (default: ${documentTextFields.join(", ")})`)
    .option("--threads <n>", "threads that embed", parseThreads, defaultThreads())
    .option("--force", "upload segments that are there already, too")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
An interrupted run goes on where it was when the same command is given again.

Examples:
  nearvec index docs.jsonl --collection docs
  nearvec index articles.csv -c articles --id-field slug --text-field headline body --field year:number
  nearvec index handbook/ -c handbook --chunk sentences --url https://nearvec.example.workers.dev`,
    )
    .action(run);
}

async function run(paths: readonly string[], options: IndexOptions): Promise<void> {
  const started = performance.now();
  const collection = new WorkerCollection({ url: options.url, key: options.key ?? null }, options.collection);
  const there = await collection.settings();
  const settings = there ?? (await collection.create(wishOf(options)));
  if (settings.shards > 1) {
    throw new NearvecError(
      "invalid_request",
      `Expected a collection of one shard, ${options.collection} has ${settings.shards}. Send its documents to POST /v1/collections/${options.collection}/import.`,
      { param: "collection" },
    );
  }
  const model = await findCollectionModel(options.model, settings);
  const progress = indexProgress(process.stderr);
  try {
    const result = await indexDocuments(
      {
        ...{ paths, model, settings, threads: options.threads, force: options.force ?? false },
        reading: { idField: options.idField, textFields: options.textField, fields: settings.fields },
      },
      collection,
      (done) => progress.update(done),
    );
    progress.stop();
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ collection: options.collection, created: there === null, ...result, seconds: Math.round(seconds * 1000) / 1000 })}\n`
        : `${describe(options, there === null, result, seconds)}\n`,
    );
  } finally {
    progress.stop();
  }
}

/** What of a new collection the user has chosen. */
function wishOf({ modelName, field, bestWindow, chunk }: IndexOptions): CollectionWish {
  return {
    fields: field ?? {},
    ...(modelName === undefined ? {} : { model: modelName }),
    ...(bestWindow === undefined ? {} : { best_window: bestWindow }),
    ...(chunk === undefined ? {} : { chunking: { by: chunk } }),
  };
}

function describe(
  { collection, url }: IndexOptions,
  created: boolean,
  { documents, segments, skippedDocuments, uploadedBytes }: IndexingResult,
  seconds: number,
): string {
  const skipped = skippedDocuments === 0 ? "" : `, ${skippedDocuments} of them there already`;
  const sent = `${segments} segments, ${(uploadedBytes / 1024 / 1024).toFixed(1)} MiB sent`;
  return (
    `${collection}${created ? " (new)" : ""}: ${documents} documents${skipped}, ${sent}, ${seconds.toFixed(1)} s\n` +
    `Try it:\n  curl ${url}/v1/collections/${collection}/search -H 'content-type: application/json' -d '{"query": "…"}'`
  );
}

function addField(text: string, fields: Readonly<Record<string, FieldType>> = {}): Record<string, FieldType> {
  const colon = text.lastIndexOf(":");
  const type = fieldTypes.find((name) => name === text.slice(colon + 1));
  if (colon > 0 && type !== undefined) return { ...fields, [text.slice(0, colon)]: type };
  throw new InvalidArgumentError(
    `Expected name:type with a type of ${fieldTypes.join(", ")}, such as year:number.`,
  );
}

function parseThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new InvalidArgumentError("Expected a whole number of threads from 1 on.");
}
