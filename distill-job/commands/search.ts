/** `nearvec search`: finds documents of a worker's collection, or of files. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { SearchOptions as ApiSearchOptions } from "../../client/http/search-options.ts";
import type { SearchResult } from "../../shared/api/collections/search-answer.ts";
import { modelOptionHelp } from "../chosen-model.ts";
import { usageMistake } from "../command-line/exit-codes.ts";
import { numberBetween, wholeNumber } from "../command-line/number-option.ts";
import { repeated } from "../command-line/repeated-option.ts";
import {
  addWorkerOptions,
  localWorkerUrl,
  type WorkerOptions,
  workerUrl,
} from "../command-line/worker-options.ts";

const modes = ["hybrid", "vector", "keyword"] as const;

interface SearchCommandOptions extends WorkerOptions {
  readonly file?: readonly string[];
  readonly model?: string;
  readonly filter?: NonNullable<ApiSearchOptions["filter"]>;
  readonly mode: (typeof modes)[number];
  readonly topK: number;
  readonly minScore?: number;
  readonly strong?: boolean;
  readonly idField?: string;
  readonly textField?: readonly string[];
  readonly explain?: boolean;
  readonly json?: boolean;
}

export function searchCommand(): Command {
  const command = new Command("search")
    .description("Search a collection of a worker, or files on this machine without one.")
    .usage("[options] <collection> <query...>\n       nearvec search [options] --file <path> <query...>")
    .argument("<words...>", "collection and query; with --file the query alone")
    .option(
      "-f, --file <path>",
      ".jsonl, .ndjson, .csv, .tsv, .txt, .md or a folder of them, in place of a collection; may be given again",
      repeated,
    )
    .option("-k, --top-k <n>", "results at most", wholeNumber(1, 100), 10)
    .addOption(
      new Option("--mode <mode>", "what counts: meaning, words, or both").choices(modes).default("hybrid"),
    )
    .option(
      "--filter <json>",
      'which documents may be found, e.g. {"year": {"$gte": 2020}}',
      parseFilterOption,
    )
    .option("--min-score <score>", "leave out what scores lower", numberBetween(-1e9, 1e9))
    .option("--explain", "say where each score comes from")
    .option("--strong", "of a collection: see what was written a moment ago, too")
    .option("--model <model>", `with --file: ${modelOptionHelp} (default: base)`)
    .option("--id-field <name>", "with --file: field of the id (default: id and the like, else the line)")
    .option("--text-field <name>", "with --file: field of the text; may be given again", repeated);
  return addWorkerOptions(command, `the worker (default: NEARVEC_URL, else ${localWorkerUrl})`)
    .option("--json", "print the answer as one line of JSON")
    .addHelpText(
      "after",
      `
With --file nothing leaves this machine and no worker is needed: documents are
embedded and indexed in memory for this one query. For many of them, or for
many queries, put them into a collection: nearvec index.

Examples:
  nearvec search --file docs.jsonl wet horses
  nearvec search --file notes/ "what did we decide about the budget?" -k 3
  nearvec search docs "horses in bad weather" --filter '{"year": {"$gte": 2020}}'
  nearvec search docs horses --mode keyword --explain
  nearvec search docs horses --json --url https://nearvec.example.workers.dev`,
    )
    .action(run);
}

/** What either way of searching gives. */
interface Answer {
  readonly results: readonly SearchResult[];
  readonly partial?: boolean;
  /** As `--json` prints it. */
  readonly printed: object;
  /** What was searched, for the last line. */
  readonly about: string;
}

async function run(words: readonly string[], options: SearchCommandOptions): Promise<void> {
  const started = performance.now();
  const answer =
    options.file === undefined ? await searchWorker(words, options) : await searchLocally(words, options);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer.printed)}\n`);
    return;
  }
  const { hitList } = await import("../output/hit-list.ts");
  const { styleText } = await import("node:util");
  const { results, about } = answer;
  if (results.length > 0) process.stdout.write(`${hitList(results, process.stdout.columns ?? 80)}\n`);
  const count = results.length === 1 ? "1 result" : `${results.length || "No"} results`;
  const milliseconds = Math.round(performance.now() - started);
  process.stdout.write(`${styleText("dim", `${count}, ${options.mode}, ${about}, ${milliseconds} ms`)}\n`);
  if (answer.partial) {
    process.stderr.write("nearvec: parts of the collection could not be read, so results may be missing.\n");
  }
}

async function searchWorker(
  [collection = "", ...words]: readonly string[],
  options: SearchCommandOptions,
): Promise<Answer> {
  const query = words.join(" ");
  if (query === "") {
    throw usageMistake(
      `Expected a query after the collection ${collection}, got none. To search files, add --file.`,
      "query",
    );
  }
  const { reachingWorker, workerClient } = await import("../command-line/worker-client.ts");
  const url = workerUrl(options);
  const client = workerClient(url, options);
  const { filter, mode, topK, minScore, strong, explain } = options;
  const answer = await reachingWorker(() =>
    client.collection(collection).search(query, {
      ...{ mode, top_k: topK, explain: explain ?? false },
      ...(filter === undefined ? {} : { filter }),
      ...(minScore === undefined ? {} : { min_score: minScore }),
      ...(strong ? { consistency: "strong" as const } : {}),
    }),
  );
  const { results, partial } = answer;
  return { results, partial, printed: answer, about: `${collection} at ${url}` };
}

async function searchLocally(words: readonly string[], options: SearchCommandOptions): Promise<Answer> {
  if (options.url !== undefined || options.strong) {
    throw usageMistake(
      "Expected --file without --url and --strong, which are a worker's. Leave one out.",
      "file",
    );
  }
  const { StaticModel } = await import("../../shared/static-model.ts");
  const { defaultSnippetCharacters } = await import("../../shared/limits.ts");
  const { readChosenModel } = await import("../chosen-model.ts");
  const { downloadProgress } = await import("../output/download-progress.ts");
  const { searchFiles } = await import("../search-files/search-files.ts");
  const model = await StaticModel.load(
    await readChosenModel(options.model, downloadProgress(process.stderr)),
  );
  const { documents, results } = await searchFiles(model, {
    ...{ paths: options.file!, query: words.join(" "), mode: options.mode, topK: options.topK },
    ...{ minScore: options.minScore, filter: options.filter, explain: options.explain ?? false },
    include: ["metadata"],
    snippet: { length: defaultSnippetCharacters },
    reading: { idField: options.idField, textFields: options.textField },
  });
  const { name } = model.metadata;
  return {
    results,
    printed: { object: "list", model: name, documents, results },
    about: `of ${documents.toLocaleString("en")}, ${name}`,
  };
}

function parseFilterOption(text: string): object {
  try {
    const filter: unknown = JSON.parse(text);
    if (typeof filter === "object" && filter !== null) return filter;
  } catch {
    // Not JSON: said below, as for JSON that is no filter.
  }
  throw new InvalidArgumentError('Expected JSON, such as {"year": {"$gte": 2020}}.');
}
