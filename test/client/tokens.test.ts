/** The client's routes about tokens, as a worker answers them. */
import { expect, test } from "vitest";
import { NearvecClient } from "../../client/http/index.ts";
import { answer, type Behaviour, base64, startScriptedServer } from "./scripted-server.ts";

async function ask<Result>(behaviour: Behaviour, work: (client: NearvecClient) => Promise<Result>) {
  await using server = await startScriptedServer();
  server.script(behaviour);
  const client = new NearvecClient({ baseUrl: server.url, retries: 0 });
  const result = await work(client).catch((error: Error) => error);
  return { result, requests: server.requests.map(({ url, body }) => ({ url, ...JSON.parse(body) })) };
}

/** A text has a token for each character; its vectors are the character's code, and 1. */
const sequences: Behaviour = (response, request) => {
  const { input } = JSON.parse(request.body) as { input: string[] };
  const data = input.map((text, index) => ({
    object: "sequence",
    index,
    token_ids: [...text].map((_, i) => i),
    shape: [text.length, 2],
    embedding: base64([...text].flatMap((character) => [character.charCodeAt(0), 1])),
  }));
  answer(200, { object: "list", data, model: "scripted" })(response, request);
};

test("encodeAsSequence gives a vector for each token of each text, a few texts to a request", async () => {
  const texts = Array.from({ length: 40 }, (_, i) => "abc".slice(0, 1 + (i % 3)));
  const { result, requests } = await ask(sequences, (client) =>
    client.encodeAsSequence(texts, { dimensions: 2, maxLength: 100, model: "base" }),
  );
  expect(result).toEqual(
    texts.map((text) => [...text].map((character) => Float32Array.of(character.charCodeAt(0), 1))),
  );
  expect(requests.map(({ input }) => input.length).sort()).toEqual([16, 16, 8].sort());
  expect(requests[0]).toMatchObject({
    url: "/v1/encode_as_sequence",
    model: "base",
    dimensions: 2,
    max_length: 100,
    encoding_format: "base64",
  });
});

test("texts without tokens have none", async () => {
  const empty = answer(200, { data: [{ index: 0, shape: [0, 2], embedding: "" }] });
  expect((await ask(empty, (client) => client.encodeAsSequence(["x"]))).result).toEqual([[]]);
});

test.each([
  ["too few", { data: [] }],
  ["another index", { data: [{ index: 1, shape: [1, 1], embedding: base64([1]) }] }],
  ["another shape", { data: [{ index: 0, shape: [2, 1], embedding: base64([1]) }] }],
  ["no shape", { data: [{ index: 0, embedding: base64([1]) }] }],
  ["not finite", { data: [{ index: 0, shape: [1, 1], embedding: base64([Number.NaN]) }] }],
  ["other dimensions", { data: [{ index: 0, shape: [1, 1], embedding: base64([1]) }] }],
])("sequences are not believed: %s", async (_, body) => {
  const { result } = await ask(answer(200, body), (client) =>
    client.encodeAsSequence(["a"], { dimensions: 2 }),
  );
  expect(result).toMatchObject({ code: "answer_invalid" });
});

test("tokenize gives the tokens of each text", async () => {
  const tokens = [[{ id: 3, text: "a", special: false, start: null, stop: null }], []];
  const { result, requests } = await ask(answer(200, tokens), (client) => client.tokenize(["a", "b"]));
  expect(result).toEqual([[{ id: 3, text: "a" }], []]);
  expect(requests).toEqual([{ url: "/tokenize", inputs: ["a", "b"] }]);
});

test.each([[[]], [[[{ id: -1, text: "a" }]]], [[[{ id: 1 }]]], [{ answer: [] }]])(
  "tokens are not believed: %j",
  async (body) => {
    const { result } = await ask(answer(200, body), (client) => client.tokenize(["a"]));
    expect(result).toMatchObject({ code: "answer_invalid" });
  },
);

test("an error in the words of Text Embeddings Inference keeps them", async () => {
  const refused = answer(422, { error: "Expected something else.", error_type: "Validation" });
  const { result } = await ask(refused, (client) => client.tokenize(["a"]));
  expect(result).toMatchObject({ message: "Expected something else.", status: 422, code: "request_failed" });
});
