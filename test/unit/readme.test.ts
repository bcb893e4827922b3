/** What README.md says that the default model answers. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";

const root = new URL("../../", import.meta.url);

test("the first answer in README.md is the default model's", async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const text = /"input": "([^"]+)"/.exec(readme)![1]!;
  const [, numbers, tokens] = /"embedding":\[([^…]+),…\].*"prompt_tokens":(\d+)/.exec(readme)!;
  const model = await StaticModel.load(await readFile(new URL("models/base.safetensors", root)));
  const vector = model.encode(text);
  expect(numbers!.split(",")).toEqual(Array.from(vector.slice(0, 2), (value) => value.toFixed(4)));
  expect(model.tokenize(text).length).toBe(Number(tokens));
});
