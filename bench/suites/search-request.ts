/** `npm run bench -- search-request`: what a search costs from its HTTP request to its answer, in the real worker. */
import { RequestWorker } from "../search/request-worker.ts";
import { realSentences } from "../search/texts.ts";
import { median, type Suite } from "../suite.ts";
import { type ProfiledFunction, profileIsolate } from "../workerd/cpu-profile.ts";
import { workerdCpuMilliseconds } from "../workerd/process-cpu.ts";

const documentCount = 100_000;
/** Of a round: each query is asked once in a run, so that no answer's documents are there by chance. */
const requestsPerRound = 100;
const rounds = 7;
const warmUpRequests = 200;

/** Functions that are printed. */
const shownFunctions = 12;

interface Measured {
  readonly requestMs: number;
  /** Of the whole process: the worker, and what stands for KV. */
  readonly processCpuMs: number;
  readonly helloCpuMs: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly functions: readonly ProfiledFunction[];
}

export const run: Suite = async (progress) => {
  progress("reading sentences");
  const sentences = await realSentences();
  progress("starting the worker");
  const worker = await RequestWorker.start();
  try {
    const collections = [
      { name: "sentences", what: "defaults", wish: {} },
      { name: "windows", what: "best windows", wish: { best_window: true } },
    ];
    const measured: Measured[] = [];
    for (const { name, what, wish } of collections) {
      progress(`indexing ${documentCount} sentences: ${what}`);
      await worker.fill(name, sentences.slice(0, documentCount), wish);
      progress(`asking: ${what}`);
      measured.push(await measure(worker, name, sentences.slice(documentCount)));
    }
    const [defaults, windows] = measured as [Measured, Measured];
    const rows = collections.flatMap(({ what }, i) => rowsOf(what, measured[i]!));
    return {
      columns: ["", "measured", "asked"],
      rows,
      notes: [
        `${documentCount} sentences in a collection of the real worker, ${requestsPerRound} hybrid queries a round, each asked once, ten results`,
        `with snippets, one connection; medians of ${rounds} rounds. Queries are sentences that are not there.`,
        "CPU is that of the workerd process: the isolate that runs the worker, the sockets, and the simulators of KV and Durable",
        "Objects, which Cloudflare does not bill. So it is no less than what the worker takes; GET /health, in the line below it,",
        "is what any request takes. Stages are the worker's clock, which ticks once in a millisecond here: means.",
        ...collections.map(
          ({ what }, i) => `${what}, where the isolate's time goes: ${sharesOf(measured[i]!.functions)}.`,
        ),
      ],
      summary: {
        requestCpuMs: round(defaults.processCpuMs),
        requestMs: round(defaults.requestMs),
        helloCpuMs: round(defaults.helloCpuMs),
        windowsRequestCpuMs: round(windows.processCpuMs),
        windowsRequestMs: round(windows.requestMs),
      },
    };
  } finally {
    await worker.stop();
  }
};

async function measure(
  worker: RequestWorker,
  collection: string,
  texts: readonly string[],
): Promise<Measured> {
  let asked = 0;
  const times: number[] = [];
  const stages: Record<string, number> = {};
  const ask = async (): Promise<void> => {
    const query = texts[asked++ % texts.length]!;
    const begin = performance.now();
    const { answer, stages: found } = await worker.search(collection, { query });
    times.push(performance.now() - begin);
    const { partial, results } = answer;
    if (partial || results.length !== 10 || results.some(({ snippet }) => snippet === undefined)) {
      throw new Error(`Expected ten results with snippets, got ${JSON.stringify(answer).slice(0, 200)}`);
    }
    for (const [name, duration] of Object.entries(found)) stages[name] = (stages[name] ?? 0) + duration;
  };
  const repeat = async (count: number, request: () => Promise<void>): Promise<number> => {
    const begin = workerdCpuMilliseconds();
    for (let i = 0; i < count; i++) await request();
    return (workerdCpuMilliseconds() - begin) / count;
  };
  await repeat(warmUpRequests, ask);
  for (const name of Object.keys(stages)) delete stages[name];
  times.length = 0;

  const [process, hello]: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds; i++) {
    process.push(await repeat(requestsPerRound, ask));
    hello.push(await repeat(requestsPerRound, () => worker.hello()));
  }
  const requestMs = median(times);
  const functions = await profileIsolate(await worker.inspector(), async () => {
    await repeat(requestsPerRound, ask);
  });
  return {
    requestMs,
    processCpuMs: median(process),
    helloCpuMs: median(hello),
    stages: Object.fromEntries(
      Object.entries(stages).map(([name, sum]) => [name, sum / (asked - warmUpRequests)]),
    ),
    functions,
  };
}

function sharesOf(functions: readonly ProfiledFunction[]): string {
  const total = functions.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return functions
    .slice(0, shownFunctions)
    .map(({ name, milliseconds }) => `${name} ${((milliseconds / total) * 100).toFixed(0)}%`)
    .join(", ");
}

function rowsOf(what: string, measured: Measured): [string, string, string][] {
  const row = (name: string, value: number, asked = ""): [string, string, string] => [
    name,
    `${value.toFixed(2)} ms`,
    asked,
  ];
  return [
    row(`hybrid search with snippets, ${what}: CPU`, measured.processCpuMs, "< 10"),
    row("  CPU of GET /health", measured.helloCpuMs),
    row("  from the request to the answer", measured.requestMs),
    ...Object.entries(measured.stages).map(([stage, duration]) => row(`  stage ${stage}`, duration)),
  ];
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
