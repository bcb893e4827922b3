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
  /** Of the isolate that runs the worker. */
  readonly isolateCpuMs: number;
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
        "CPU of the isolate is what V8's profiler finds it busy with, garbage collection included: by the clock, so that on a machine",
        "with other work its waiting counts too, and CPU of the process, of which it is a part, is nearer.",
        "CPU of the process is that, the sockets, and the simulators of KV, which Cloudflare does not bill; that of GET /health is",
        "in the line below it. Stages are the worker's clock, which ticks once in a millisecond here: means.",
        ...collections.flatMap(({ what }, i) => [
          `${what}, milliseconds of a request by function: ${measured[i]!.functions.slice(0, shownFunctions)
            .map(({ name, milliseconds }) => `${name} ${milliseconds.toFixed(2)}`)
            .join(", ")}.`,
        ]),
      ],
      summary: {
        requestCpuMs: round(defaults.isolateCpuMs),
        requestMs: round(defaults.requestMs),
        requestProcessCpuMs: round(defaults.processCpuMs),
        helloProcessCpuMs: round(defaults.helloCpuMs),
        windowsRequestCpuMs: round(windows.isolateCpuMs),
        windowsRequestMs: round(windows.requestMs),
        windowsRequestProcessCpuMs: round(windows.processCpuMs),
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
  const requests = times.length;
  const requestMs = median(times);
  const profiles: ProfiledFunction[][] = [];
  for (let i = 0; i < rounds; i++) {
    const profile = await profileIsolate(await worker.inspector(), async () => {
      await repeat(requestsPerRound, ask);
    });
    profiles.push(
      profile.map(({ name, milliseconds }) => ({ name, milliseconds: milliseconds / requestsPerRound })),
    );
  }
  const total = (functions: readonly ProfiledFunction[]): number =>
    functions.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const byTotal = profiles.toSorted((left, right) => total(left) - total(right));
  const middle = byTotal[rounds >> 1]!;
  return {
    requestMs,
    processCpuMs: median(process),
    helloCpuMs: median(hello),
    isolateCpuMs: total(middle),
    stages: Object.fromEntries(
      Object.entries(stages).map(([name, sum]) => [name, sum / (requests + rounds * requestsPerRound)]),
    ),
    functions: middle,
  };
}

function rowsOf(what: string, measured: Measured): [string, string, string][] {
  const row = (name: string, value: number, asked = ""): [string, string, string] => [
    name,
    `${value.toFixed(2)} ms`,
    asked,
  ];
  return [
    row(`hybrid search with snippets, ${what}: CPU of the isolate`, measured.isolateCpuMs, "< 10"),
    row("  from the request to the answer", measured.requestMs),
    row("  CPU of the process, simulators included", measured.processCpuMs),
    row("  CPU of the process for GET /health", measured.helloCpuMs),
    ...Object.entries(measured.stages).map(([stage, duration]) => row(`  stage ${stage}`, duration)),
  ];
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
