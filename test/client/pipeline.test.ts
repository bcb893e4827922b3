/** Our pipeline beside Transformers.js's own, over one table and one tokenizer: the same fields, the same numbers. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, pipeline as transformersPipeline } from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NearvecClient } from "../../client/http/index.ts";
import { type FeatureExtractionOptions, pipeline } from "../../client/pipeline/index.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { asArtifact, writeForTransformers } from "./transformers-model.ts";

let folder: string;
let model: StaticModel;
let theirs: Awaited<ReturnType<typeof transformersPipeline<"feature-extraction">>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-test-"));
  await writeForTransformers(join(folder, "table"));
  Object.assign(env, { allowRemoteModels: false, localModelPath: folder, useFSCache: false });
  theirs = await transformersPipeline("feature-extraction", "table", { dtype: "fp32" });
  model = await StaticModel.load(asArtifact());
});
afterAll(async () => {
  await theirs?.dispose();
  await rm(folder, { recursive: true });
});

const allOptions: (FeatureExtractionOptions | undefined)[] = [
  undefined,
  { normalize: true },
  { pooling: "none" },
  { pooling: "mean" },
  { pooling: "mean", normalize: true },
  { pooling: "mean", normalize: true, quantize: true },
  { pooling: "mean", quantize: true, precision: "ubinary" },
];
const allTexts: Record<string, string | string[]> = {
  "a text": "a horse running, in the rain!",
  "a list of one": ["the horse"],
  "texts of one length": ["a horse", "the rain"],
  "many texts": Array.from({ length: 50 }, (_, i) => ["a horse", "unaa 中!"][i % 2]!),
};

describe.each(allOptions)("with %o", (options) => {
  test.each(Object.entries(allTexts))("gives of %s what theirs does", async (_, texts) => {
    const ours = await (await pipeline("feature-extraction", model))(texts, options);
    const expected = await theirs(texts, options);
    expect(ours.dims).toEqual(expected.dims);
    expect(ours.type).toBe(expected.type);
    expect(ours.size).toBe(expected.size);
    expect(ours.data.constructor).toBe((expected.data as Float32Array).constructor);
    closeTo(ours.data, expected.data as Float32Array);
    const list = ours.tolist();
    expect(shapeOf(list)).toEqual(shapeOf(expected.tolist()));
    closeTo(list.flat(3) as number[], ours.data);
  });
});

test("pads shorter texts with zeros", async () => {
  const extractor = await pipeline("feature-extraction", model);
  const { data, dims } = await extractor(["a", "a horse running"], { normalize: true });
  expect(dims).toEqual([2, 4, 16]);
  expect(data.subarray(16, 64)).toEqual(new Float32Array(48));
});

test("keeps as many dimensions as it is told to", async () => {
  const extractor = await pipeline("feature-extraction", model, { dimensions: 8 });
  expect((await extractor("a horse")).dims).toEqual([1, 2, 8]);
  expect((await extractor("a horse", { pooling: "mean", quantize: true })).dims).toEqual([1, 1]);
});

test("gives an empty tensor of no texts", async () => {
  const extractor = await pipeline("feature-extraction", model);
  const tensor = await extractor([], { pooling: "mean", normalize: true });
  expect([tensor.dims, tensor.tolist()]).toEqual([[0, 16], []]);
});

test("refuses what static models, or workers, cannot do", async () => {
  const inProcess = await pipeline("feature-extraction", model);
  const overHttp = await pipeline("feature-extraction", new NearvecClient({ baseUrl: "http://worker" }));
  const twelve = await pipeline("feature-extraction", model, { dimensions: 12 });
  const param = (work: Promise<unknown>) => work.then(Object, (error: { param?: string }) => error.param);
  expect(await param(pipeline("fill-mask" as "feature-extraction", model))).toBe("task");
  expect(await param(inProcess("a", { pooling: "cls" as "mean" }))).toBe("pooling");
  expect(await param(inProcess("a", { pooling: "mean", precision: "int8" as "binary" }))).toBe("precision");
  expect(await param(inProcess("a", { quantize: true }))).toBe("quantize");
  expect(await param(twelve("a", { pooling: "mean", quantize: true }))).toBe("quantize");
  expect(await param(inProcess(["a", ""]))).toBe("input[1]");
  expect(await param(overHttp("a"))).toBe("pooling");
  expect(await param(overHttp("a", { pooling: "mean" }))).toBe("normalize");
});

function shapeOf(list: unknown): number[] {
  return Array.isArray(list) ? [list.length, ...shapeOf(list[0])] : [];
}

function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    // Theirs divides a padded token by its length, which is 0 here.
    const wanted = Number.isNaN(expected[i]) ? 0 : expected[i]!;
    expect(Math.abs(actual[i]! - wanted)).toBeLessThan(1e-6);
  }
}
