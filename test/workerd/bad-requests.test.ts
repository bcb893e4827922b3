/** What a caller's mistake gets: a 4xx with OpenAI's error object, its code, and the field that is wrong. */
import { beforeEach, describe, expect, test } from "vitest";
import { errorResponseSchema } from "../../shared/api/error-response.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import {
  maxBodyBytes,
  maxCharactersPerInput,
  maxDimensions,
  maxInputsPerRequest,
  maxTokenIdsPerInput,
} from "../../shared/limits.ts";
import { createApp } from "../../worker/app.ts";
import { ask, embed, errorOf, putModel } from "./model-fixtures.ts";
import { tinyDimensions, tinyModel, tinyVocabulary } from "./tiny-model.ts";

const app = createApp();

beforeEach(async () => {
  await putModel("tiny", tinyModel());
});

const rows = tinyVocabulary.length;
/** The code is `invalid_request` if none is given. */
const badBodies: [what: string, body: unknown, param: string | null, message: RegExp, code?: ErrorCode][] = [
  ["an array as the body", [], null, /a JSON object, got an array/],
  ["null as the body", null, null, /a JSON object, got null/],
  ["a string as the body", "hello", null, /a JSON object, got "hello"/],
  ["no input", {}, "input", /got nothing/],
  ["input null", { input: null }, "input", /got null/],
  ["input a number", { input: 7 }, "input", /got 7/],
  ["input an object", { input: { text: "hello" } }, "input", /got an object/],
  ["an empty text", { input: "" }, "input", /at least one character/, "empty_input"],
  ["an empty list", { input: [] }, "input", /at least one element/, "empty_input"],
  [
    "an empty text among others",
    { input: ["hello", ""] },
    "input[1]",
    /at least one character/,
    "empty_input",
  ],
  [
    "an empty token list among others",
    { input: [[1], []] },
    "input[1]",
    /at least one element/,
    "empty_input",
  ],
  ["null among texts", { input: ["hello", null] }, "input[1]", /a string, as input\[0\] is, got null/],
  ["a number among texts", { input: ["hello", "world", 3] }, "input[2]", /got 3/],
  ["a text among token ids", { input: [1, "hello"] }, "input[1]", /a token id/],
  ["a text among token lists", { input: [[1], "hello"] }, "input[1]", /token ids, as input\[0\] is/],
  ["an object in the list", { input: [{ text: "hello" }] }, "input[0]", /got an object/],
  ["a list three deep", { input: [[[1]]] }, "input[0][0]", /a token id/],
  ["a negative token id", { input: [1, -1] }, "input[1]", /from 0, got -1/],
  ["a fraction as a token id", { input: [[1, 2], [1.5]] }, "input[1][0]", /got 1.5/],
  ["null as a token id (JSON has no NaN)", { input: [1, Number.NaN] }, "input[1]", /got null/],
  ["a token id beyond the vocabulary", { input: [1, rows] }, "input[1]", new RegExp(`below ${rows}`)],
  ["the same deep inside", { input: [[1], [2], [3], [0, 1, 2, 3, 4, 99]] }, "input[3][5]", /got 99/],
  ["a token id of 2^53", { input: [[2 ** 53]] }, "input[0][0]", /below/],
  [
    "too many inputs",
    { input: new Array(maxInputsPerRequest + 1).fill("a") },
    "input",
    /at most 2048 inputs/,
    "too_many_inputs",
  ],
  ["a text too long", { input: ["a", "b".repeat(maxCharactersPerInput + 1)] }, "input[1]", /Split|split/],
  ["too many token ids", { input: new Array(maxTokenIdsPerInput + 1).fill(1) }, "input", /at most 65536/],
  ["a model that is no text", { input: "a", model: 3 }, "model", /got 3/],
  [
    "an unknown encoding",
    { input: "a", encoding_format: "hex" },
    "encoding_format",
    /"float" or "base64", got "hex"/,
  ],
  [
    "an unknown type",
    { input: "a", output_dtype: "int4" },
    "output_dtype",
    /one of "float", "int8", .* got "int4"/,
  ],
  [
    "late chunking",
    { input: "a", late_chunking: true },
    "late_chunking",
    /a static model gives a word one vector/,
    "not_supported",
  ],
  [
    "an image",
    { input: [{ image: "https://example.com/horse.png" }] },
    "input[0]",
    /text, got an image/,
    "not_supported",
  ],
  [
    "an image among texts",
    { input: ["a", { image_url: { url: "data:," } }] },
    "input[1]",
    /text, got an image/,
    "not_supported",
  ],
  ["dimensions as text", { input: "a", dimensions: "3" }, "dimensions", /an integer/],
  ["dimensions 0", { input: "a", dimensions: 0 }, "dimensions", /at least 1, got 0/],
  ["dimensions negative", { input: "a", dimensions: -3 }, "dimensions", /at least 1/],
  ["dimensions a fraction", { input: "a", dimensions: 2.5 }, "dimensions", /an integer/],
  ["dimensions absurd", { input: "a", dimensions: maxDimensions + 1 }, "dimensions", /at most/],
  [
    "more dimensions than there are",
    { input: "a", dimensions: tinyDimensions + 1 },
    "dimensions",
    /1 to 8, got 9/,
  ],
];

describe("a body that is JSON but not a request", () => {
  test.each(badBodies)("%s", async (_, body, param, message, code = "invalid_request") => {
    const response = await embed(app, body);
    expect(response.status).toBe(400);
    const error = errorResponseSchema.parse(await response.json()).error;
    expect(error).toMatchObject({ code, type: "invalid_request_error", param });
    expect(error.message).toMatch(message);
    // A message is for reading: it never repeats a long value.
    expect(error.message.length).toBeLessThan(300);
  });
});

describe("a body that is not JSON", () => {
  const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
    ask(app, "/v1/embeddings", { method: "POST", body, headers });

  test.each([
    ["broken off", '{"input": "hel'],
    ["empty", ""],
    ["not JSON at all", "input=hello"],
    ["not UTF-8", Uint8Array.from('{"input":"h\xe4llo"}', (character) => character.charCodeAt(0))],
    ["100,000 brackets deep and never closed", "[".repeat(100_000)],
  ])("%s gets 400 invalid_json", async (_, body) => {
    const response = await post(body, { "content-type": "application/json" });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: "invalid_json", param: null });
  });

  /** As a server reads it from a socket: with its length announced. */
  const postBytes = (bytes: Uint8Array) =>
    post(bytes, { "content-type": "application/json", "content-length": String(bytes.length) });
  const ofBytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  test.each([
    ["a byte of Latin-1", "h\xe4llo"],
    ["a continuation without a beginning", "\x80"],
    ["a character cut in the middle", "\xe2\x82"],
    ["half a surrogate pair", "\xed\xa0\x80"],
    ["an unknown character beside one", "\xef\xbf\xbd \xff"],
  ])("not UTF-8 gets 400 where its length is announced: %s", async (_, text) => {
    const response = await postBytes(ofBytes(`{"input":"${text}"}`));
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toContain("not valid UTF-8");
  });

  test("unknown characters that were sent as such are text", async () => {
    const response = await postBytes(new TextEncoder().encode('{"input":"hello \uFFFD wörld 😀"}'));
    expect(response.status).toBe(200);
  });

  test("100,000 brackets deep and closed is refused, not followed", async () => {
    const body = `{"input":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const response = await post(body, { "content-type": "application/json" });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).param).toBe("input[0][0]");
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
  ])("content-type %s gets 415", async (type) => {
    const response = await post('{"input":"hello"}', { "content-type": type });
    expect(response.status).toBe(415);
    expect(await errorOf(response)).toMatchObject({ code: "unsupported_media_type" });
  });

  test.each(["application/json; charset=utf-8", "application/vnd.api+json", "Application/JSON"])(
    "content-type %s is JSON",
    async (type) => {
      expect((await post('{"input":"hello"}', { "content-type": type })).status).toBe(200);
    },
  );

  test("a missing content type is taken for JSON", async () => {
    const body = new TextEncoder().encode('{"input":"hello"}');
    const response = await post(body);
    expect(response.status).toBe(200);
  });

  test("a compressed body gets 415", async () => {
    const response = await post('{"input":"hello"}', { "content-encoding": "gzip" });
    expect(response.status).toBe(415);
  });

  test("a body that announces too much gets 413", async () => {
    const response = await post(new Uint8Array(maxBodyBytes + 1));
    expect(response.status).toBe(413);
    expect(await errorOf(response)).toMatchObject({ code: "payload_too_large" });
  });

  test("a body that announces nothing is counted, and not read beyond the limit", async () => {
    let pulled = 0;
    const piece = new Uint8Array(1024 * 1024).fill(0x20);
    const long = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += piece.byteLength;
        controller.enqueue(piece);
        if (pulled > 3 * maxBodyBytes) controller.close();
      },
    });
    const response = await post(long);
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(maxBodyBytes + 4 * piece.byteLength);
  });

  test("a body that comes in pieces is put together", async () => {
    const bytes = new TextEncoder().encode('{"input":"hello wörld"}');
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect((await post(pieces)).status).toBe(200);
  });
});

test("the isolate serves on after every one of these", async () => {
  for (const [, body] of badBodies) await embed(app, body);
  expect((await embed(app, { input: "hello" })).status).toBe(200);
});
