import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { distill } from "../../distill-job/distill.ts";
import { openTextTeacher } from "../../distill-job/refine/teacher-pass/text-teacher.ts";
import { choosePooling } from "../../distill-job/teacher/declared-pooling.ts";
import { embedSequences } from "../../distill-job/teacher/embed-sequences.ts";
import type { Pooling } from "../../distill-job/teacher/pooling.ts";
import { copyOfTinyTeacher, tinyTeacher } from "./tiny-teacher.ts";

/** As Sentence Transformers writes it. */
function config(...modes: string[]): string {
  const switches = ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "lasttoken"];
  return JSON.stringify({
    word_embedding_dimension: 384,
    ...Object.fromEntries(switches.map((name) => [`pooling_mode_${name}`, modes.includes(name)])),
    include_prompt: true,
  });
}

async function teacherThatDeclares(content: string): Promise<string> {
  const directory = await copyOfTinyTeacher();
  await mkdir(join(directory, "1_Pooling"));
  await writeFile(join(directory, "1_Pooling/config.json"), content);
  return directory;
}

async function vectorOf(directory: string, pooling?: Pooling): Promise<number[]> {
  const options = { runtime: "wasm", threads: 1, maxTokens: 128 } as const;
  const { teacher, tokenize, padId } = await openTextTeacher({ directory, weight: 1, pooling }, options);
  const { values } = await embedSequences(teacher, [tokenize("the horse in rain")], padId).finally(() =>
    teacher.close(),
  );
  return [...values];
}

describe("a teacher pools as its 1_Pooling/config.json says", () => {
  test.each<[string, Pooling]>([
    ["mean_tokens", "mean"],
    ["cls_token", "cls"],
    ["lasttoken", "last"],
  ])("%s", (mode, pooling) => {
    expect(choosePooling(undefined, { poolingConfig: config(mode) })).toBe(pooling);
  });

  test("in the passes of refine and evaluate", async () => {
    const directory = await teacherThatDeclares(config("cls_token"));
    const declared = await vectorOf(directory);
    expect(declared).toEqual(await vectorOf(tinyTeacher, "cls"));
    expect(declared).not.toEqual(await vectorOf(tinyTeacher));
    expect(await vectorOf(directory, "mean")).toEqual(await vectorOf(tinyTeacher));
  });

  test("in distill, and the model file says so", async () => {
    const directory = await teacherThatDeclares(config("cls_token"));
    const rowsOf = async (source: string, pooling?: Pooling) => {
      const { content } = await distill(source, { dimensions: 4, threads: 1, rows: "float32", pooling });
      return { rows: content.rows, pooling: content.provenance?.pooling };
    };
    const declared = await rowsOf(directory);
    expect(declared.pooling).toBe("cls");
    expect(declared).toEqual(await rowsOf(tinyTeacher, "cls"));
    expect(declared.rows).not.toEqual((await rowsOf(tinyTeacher)).rows);
  });
});

test("a teacher that declares nothing pools the mean, and what is asked for wins", () => {
  expect(choosePooling(undefined, { poolingConfig: undefined })).toBe("mean");
  expect(choosePooling("last", { poolingConfig: config("cls_token") })).toBe("last");
  expect(choosePooling("mean", { poolingConfig: "{" })).toBe("mean");
});

test.each([
  ["max_tokens", config("max_tokens"), "got pooling_mode_max_tokens"],
  ["two at once", config("cls_token", "mean_tokens"), "got pooling_mode_cls_token, pooling_mode_mean_tokens"],
  ["none", config(), "got none"],
  ["no JSON", "{", "a JSON object"],
  ["a list", "null", "a JSON object"],
])("what cannot be done is refused, with what to do: %s", async (_, content, message) => {
  const directory = await teacherThatDeclares(content);
  await expect(distill(directory, { threads: 1 })).rejects.toThrow(message);
  await expect(distill(directory, { threads: 1 })).rejects.toThrow("Say how it pools with --pooling.");
});
