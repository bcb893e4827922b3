/** The routes of Text Embeddings Inference: its parameters, the shapes of its answers, its errors. */
import { beforeEach, describe, expect, test } from "vitest";
import { maxInputsPerRequest } from "../../shared/limits.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { createApp } from "../../worker/app.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { tinyModel as sharedModel } from "../support/tiny-model.ts";
import { unigramTokenizerJson } from "../support/unigram-tokenizer.ts";
import { ask, putModel } from "./model-fixtures.ts";
import { tinyModel, tinyVocabulary } from "./tiny-model.ts";

const app = createApp();
const artifact = tinyModel();
let model: StaticModel;

beforeEach(async () => {
  await putModel("tiny", artifact);
  await putModel("wide", sharedModel({ dimensions: 64, name: "wide" }));
  model = await StaticModel.load(artifact);
});

async function post(path: string, body: unknown): Promise<Response> {
  return ask(app, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function answer<Body>(path: string, body: unknown): Promise<Body> {
  const response = await post(path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

const vectorOf = (text: string, options = {}) => [...model.encode(text, options)];

/** The vector of token ids, as the model makes it. */
function vectorOfIds(ids: ArrayLike<number>): number[] {
  const vector = new Float32Array(model.dimensions);
  model.encodeInto(ids, vector, 0);
  return [...vector];
}

describe("/embed", () => {
  const embed = async (body: object) => (await answer<number[][]>("/embed", body)).map(asFloat32);

  test("takes a text, texts, token ids, and lists of them", async () => {
    expect(await embed({ inputs: "hello world" })).toEqual([vectorOf("hello world")]);
    expect(await embed({ inputs: ["hello", "near"] })).toEqual([vectorOf("hello"), vectorOf("near")]);
    expect(await embed({ inputs: [2, 3] })).toEqual([vectorOf("hello world")]);
    expect(await embed({ inputs: [[2], [3]] })).toEqual([vectorOf("hello"), vectorOf("world")]);
  });

  test("normalizes unless it is told not to", async () => {
    const [plain] = await embed({ inputs: "hello world", normalize: false });
    expect(plain).toEqual(vectorOf("hello world", { normalize: false }));
    expect(Math.hypot(...plain!)).not.toBeCloseTo(1, 2);
    expect(await embed({ inputs: "hello world", normalize: true })).toEqual([vectorOf("hello world")]);
  });

  test("normalizes also where the model itself does not", async () => {
    await putModel("plain", sharedModel({ normalize: false, name: "plain" }));
    const [vector] = await embed({ inputs: "a horse", model: "plain" });
    expect(Math.hypot(...vector!)).toBeCloseTo(1, 6);
  });

  test("keeps the dimensions that are asked for", async () => {
    expect(await embed({ inputs: "hello", dimensions: 3 })).toEqual([vectorOf("hello", { dimensions: 3 })]);
  });

  test("cuts a long text at its end, at its start, or not at all", async () => {
    const inputs = `${"near ".repeat(16)}far far far`;
    const ids = model.tokenize(inputs);
    const right = vectorOf("near ".repeat(16));
    const left = vectorOfIds(ids.slice(-16));
    expect(left).not.toEqual(right);
    expect(await embed({ inputs })).toEqual([right]);
    expect(await embed({ inputs, truncate: true, truncation_direction: "Right" })).toEqual([right]);
    expect(await embed({ inputs, truncation_direction: "Left" })).toEqual([left]);
    expect(await embed({ inputs, truncate: true, truncation_direction: "left" })).toEqual([left]);
    expect(await embed({ inputs: [...ids], truncation_direction: "Left" })).toEqual([left]);
    expect(await embed({ inputs: "near far", truncate: false })).toEqual([vectorOf("near far")]);
  });

  test("has nothing cut off where truncation is refused, not even characters", async () => {
    // Sixteen tokens at most, and characters for sixteen short ones: this has few tokens and many characters.
    const inputs = `hello ${" ".repeat(500)} world`;
    expect(await embed({ inputs })).toEqual([vectorOf("hello")]);
    expect(await embed({ inputs, truncate: false })).toEqual([vectorOf("hello world")]);
  });
});

test("/embed_all gives the row of every token", async () => {
  const rows = (await answer("/embed_all", { inputs: ["hello квантование world", "near"] })) as number[][][];
  const expected = model.encodeAsSequence(["hello world", "near"]);
  expect(rows.map((row) => row.map(asFloat32))).toEqual(
    expected.map((sequence) => sequence.map((row) => [...row])),
  );
  const truncated = (await answer("/embed_all", { inputs: "a ".repeat(30) })) as number[][][];
  expect(truncated[0]).toHaveLength(16);
});

test("/similarity gives cosines, 0 for a text without a known token", async () => {
  const scores = (await answer("/similarity", {
    inputs: { source_sentence: "hello", sentences: ["hello", "hello world", "квантование"] },
    parameters: { truncate: true },
  })) as number[];
  expect(scores[0]).toBeCloseTo(1, 6);
  const [left, right] = model.encode(["hello", "hello world"]);
  expect(scores[1]).toBeCloseTo(
    left!.reduce((sum, value, i) => sum + value * right![i]!, 0),
    6,
  );
  expect(scores[2]).toBe(0);
});

describe("/rerank", () => {
  const texts = ["far", "квантование", "hello", "hello world"];
  const rerank = (more: object) =>
    answer<{ index: number; score: number; text?: string }[]>("/rerank", { query: "hello", texts, ...more });

  test("sorts by cosine", async () => {
    const ranks = await rerank({ raw_scores: true });
    expect(ranks[0]).toMatchObject({ index: 2 });
    const scores = ranks.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((left, right) => right - left));
    expect(Math.min(...scores)).toBeLessThan(0);
    expect(ranks.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3]);
    expect(ranks.every((rank) => !("text" in rank))).toBe(true);
  });

  test("counts less than nothing in common as nothing, unless raw scores are asked for", async () => {
    const raw = await rerank({ raw_scores: true });
    expect(await rerank({})).toEqual(raw.map(({ index, score }) => ({ index, score: Math.max(0, score) })));
  });

  test("gives the texts back", async () => {
    for (const { index, text } of await rerank({ return_text: true })) expect(text).toBe(texts[index]);
  });
});

describe("/tokenize and /decode", () => {
  interface Token {
    id: number;
    text: string;
    special: boolean;
    start: null;
    stop: null;
  }

  test("name the tokens, unknown ones among them", async () => {
    const tokens = await answer<Token[][]>("/tokenize", { inputs: ["Vectors квант near"] });
    const plain = { special: false, start: null, stop: null };
    expect(tokens).toEqual([
      ["vector", "##s", "[UNK]", "near"].map((text) => ({
        id: tinyVocabulary.indexOf(text),
        text,
        ...plain,
      })),
    ]);
  });

  test("put together what they took apart", async () => {
    const inputs = ["hello world", "the edge is near", "vectors"];
    const tokens = await answer<Token[][]>("/tokenize", { inputs });
    const ids = tokens.map((text) => text.map(({ id }) => id));
    expect(await answer("/decode", { ids })).toEqual(inputs);
    expect(await answer("/decode", { ids: ids[2] })).toEqual(["vectors"]);
  });

  test("leave special tokens out unless they are told not to", async () => {
    expect(await answer("/decode", { ids: [0, 2, 1] })).toEqual(["hello"]);
    expect(await answer("/decode", { ids: [0, 2, 1], skip_special_tokens: false })).toEqual([
      "[PAD] hello [UNK]",
    ]);
  });

  test("know Unigram's spaces", async () => {
    const tokenizer = unigramTokenizerJson();
    await putModel("unigram", sharedModel({ tokenizer, name: "unigram" }));
    const inputs = "a horse in the rain";
    const [tokens] = await answer<Token[][]>("/tokenize", { inputs, model: "unigram" });
    expect(tokens!.map(({ text }) => text)).toEqual(["▁a", "▁horse", "▁in", "▁the", "▁rain"]);
    const ids = tokens!.map(({ id }) => id);
    expect(await answer("/decode", { ids, model: "unigram" })).toEqual([inputs]);
  });
});

test("/info says which model and which limits", async () => {
  const response = await ask(app, "/info");
  expect(await response.json()).toMatchObject({
    model_id: "tiny",
    model_dtype: "int8",
    model_type: { embedding: { pooling: "mean" } },
    max_input_length: 16,
    max_client_batch_size: maxInputsPerRequest,
    auto_truncate: true,
  });
  expect(await (await ask(app, "/info?model=nano")).json()).toMatchObject({
    model_id: "nano",
    model_sha: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect((await ask(app, "/info?model=none")).status).toBe(404);
});

test("/metrics counts what this isolate has done", async () => {
  const fresh = createApp();
  const send = (body: object) =>
    ask(fresh, "/embed", {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  await send({ inputs: "hello world" });
  await send({ inputs: ["near", "far"] });
  await send({ inputs: [] });
  await ask(fresh, "/health");
  const text = await (await ask(fresh, "/metrics")).text();
  const samples = new Map(
    text
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.split(" ") as [string, string]),
  );
  expect(samples.get("te_request_count")).toBe("3");
  expect(samples.get('te_request_success{method="single"}')).toBe("1");
  expect(samples.get('te_request_success{method="batch"}')).toBe("1");
  expect(samples.get('te_request_failure{err="empty_input"}')).toBe("1");
  expect(samples.get("te_embed_success")).toBe("3");
  expect(samples.get("nearvec_tokens")).toBe("4");
  expect(Number(samples.get("nearvec_memory_bytes"))).toBeGreaterThan(0);
  // Every sample belongs to a metric that was declared, as Prometheus asks.
  const declared = [...text.matchAll(/^# TYPE (\w+) (counter|gauge|summary)$/gm)].map(([, name]) => name);
  for (const sample of samples.keys()) {
    const name = sample.replace(/\{.*/, "");
    expect(declared).toContain(declared.includes(name) ? name : name.replace(/_(sum|count)$/, ""));
  }
});

const badRequests: [
  path: string,
  what: string,
  body: unknown,
  status: number,
  type: string,
  error: RegExp,
][] = [
  ["/embed", "no inputs", {}, 422, "Validation", /Expected inputs to be .* got nothing/],
  ["/embed", "an empty list", { inputs: [] }, 400, "Empty", /at least one element/],
  ["/embed", "an empty text", { inputs: "" }, 400, "Empty", /at least one character/],
  ["/embed", "an empty text among others", { inputs: ["a", ""] }, 400, "Empty", /inputs\[1\]/],
  ["/embed", "too many", { inputs: Array(2049).fill("a") }, 413, "Validation", /at most 2048 inputs/],
  ["/embed", "a number", { inputs: 7 }, 422, "Validation", /got 7/],
  ["/embed", "pairs", { inputs: [["a", "b"]] }, 422, "Validation", /inputs\[0\]\[0\] to be a token id/],
  [
    "/embed",
    "an id too large",
    { inputs: [[99]] },
    422,
    "Validation",
    /inputs\[0\]\[0\] to be a token id below/,
  ],
  [
    "/embed",
    "a prompt",
    { inputs: "a", prompt_name: "query" },
    400,
    "Backend",
    /no prompt_name: static models/,
  ],
  [
    "/embed",
    "normalize as text",
    { inputs: "a", normalize: "yes" },
    422,
    "Validation",
    /true or false, got "yes"/,
  ],
  [
    "/embed",
    "a direction of its own",
    { inputs: "a", truncation_direction: "up" },
    422,
    "Validation",
    /"Left"/,
  ],
  ["/embed", "dimensions 0", { inputs: "a", dimensions: 0 }, 422, "Validation", /at least 1/],
  ["/embed", "dimensions 9", { inputs: "a", dimensions: 9 }, 422, "Validation", /1 to 8, got 9/],
  [
    "/embed",
    "a text that may not be cut",
    { inputs: ["a", "a ".repeat(17)], truncate: false },
    422,
    "Validation",
    /inputs\[1\] to have at most 16 tokens, got 17/,
  ],
  ["/embed", "a model that is not there", { inputs: "a", model: "x" }, 404, "Validation", /got "x"/],
  ["/embed", "an array", [], 422, "Validation", /a JSON object/],
  ["/embed_all", "nothing", { inputs: [] }, 400, "Empty", /at least one/],
  [
    "/embed_all",
    "more numbers than an answer may have",
    { inputs: Array(2048).fill(Array(16).fill(2)), model: "wide" },
    413,
    "Validation",
    /at most 16384 tokens of 64 dimensions in all, got 32768/,
  ],
  [
    "/similarity",
    "no sentences",
    { inputs: { source_sentence: "a", sentences: [] } },
    400,
    "Empty",
    /inputs.sentences/,
  ],
  ["/similarity", "no source", { inputs: { sentences: ["a"] } }, 422, "Validation", /inputs.source_sentence/],
  ["/similarity", "texts", { inputs: ["a"] }, 422, "Validation", /an object with source_sentence/],
  [
    "/similarity",
    "parameters that are none",
    { inputs: { source_sentence: "a", sentences: ["a"] }, parameters: 3 },
    422,
    "Validation",
    /parameters to be an object/,
  ],
  ["/rerank", "no query", { texts: ["a"] }, 422, "Validation", /query to be a string/],
  ["/rerank", "one text", { query: "a", texts: "a" }, 422, "Validation", /texts to be an array of strings/],
  ["/rerank", "token ids", { query: "a", texts: [[1]] }, 422, "Validation", /texts\[0\] to be a string/],
  ["/tokenize", "token ids", { inputs: [1] }, 422, "Validation", /inputs\[0\] to be a string/],
  ["/tokenize", "nothing", { inputs: [] }, 400, "Empty", /at least one/],
  ["/decode", "no ids", {}, 422, "Validation", /array of token ids/],
  ["/decode", "an empty list", { ids: [] }, 400, "Empty", /at least one/],
  ["/decode", "a text", { ids: ["a"] }, 422, "Validation", /ids\[0\] to be token ids/],
  ["/decode", "an id too large", { ids: [1, 99] }, 422, "Validation", /ids\[1\] to be a token id below 12/],
  ["/decode", "a negative id", { ids: [[-1]] }, 422, "Validation", /ids\[0\]\[0\]/],
  ["/embed_sparse", "anything", { inputs: "a" }, 400, "Backend", /static model has dense vectors only/],
  ["/predict", "anything", { inputs: ["a", "b"] }, 400, "Backend", /trained classifier/],
];

describe("a bad request", () => {
  test.each(badRequests)("to %s with %s", async (path, _, body, status, type, error) => {
    const response = await post(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.stringMatching(error), error_type: type });
  });

  test.each([
    ["text/plain", "hello", 415],
    ["application/json", '{"inputs": "hel', 400],
    ["application/json", `{"inputs":${"[".repeat(100_000)}`, 400],
  ])("of type %s: %s", async (type, body, status) => {
    const response = await ask(app, "/embed", { method: "POST", body, headers: { "content-type": type } });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error_type: "Validation" });
  });
});
