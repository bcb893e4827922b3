import { appendFile, readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  embedPassages,
  textPassages,
  tokenPassages,
} from "../../distill-job/refine/teacher-pass/embed-texts.ts";
import { openTextTeacher, type TextTeacher } from "../../distill-job/refine/teacher-pass/text-teacher.ts";
import { keyOf, VectorCache } from "../../distill-job/refine/teacher-pass/vector-cache.ts";
import { embedSequences } from "../../distill-job/teacher/embed-sequences.ts";
import { temporaryDirectory, tinyTeacher, tinyTeacherDimensions } from "../distill/tiny-teacher.ts";

async function openTiny(maxTokens = 16): Promise<TextTeacher> {
  const choice = { directory: tinyTeacher, weight: 1, pooling: "mean" as const };
  const teacher = await openTextTeacher(choice, { runtime: "wasm", threads: 2, maxTokens });
  onTestFinished(() => teacher.teacher.close());
  return teacher;
}

const texts = Array.from(
  { length: 200 },
  (_, i) => `${"the horse ".repeat(1 + (i % 9))}${"in ".repeat(i % 7)}${i}`,
);

describe("the cache of vectors", () => {
  const keys = ["a", "b", "c"].map(keyOf);
  const vectors = Float32Array.from({ length: 6 }, (_, i) => i / 3);

  async function open(directory: string, ...identity: string[]): Promise<VectorCache> {
    return VectorCache.open(directory, identity, 2);
  }

  test("gives back what was put in, in any order, after it was closed", async () => {
    const directory = await temporaryDirectory();
    const first = await open(directory);
    await first.append(keys.slice(0, 2), vectors.subarray(0, 4));
    await first.append(keys.slice(2), vectors.subarray(4));
    await first.close();
    const second = await open(directory);
    const output = new Float32Array(8);
    await second.readAll([keys[2]!, keys[0]!, keys[1]!, keys[0]!], output);
    expect([...output]).toEqual([
      ...vectors.subarray(4),
      ...vectors.subarray(0, 4),
      ...vectors.subarray(0, 2),
    ]);
  });

  test("knows nothing of another teacher's", async () => {
    const directory = await temporaryDirectory();
    await (await open(directory, "one")).append(keys, vectors);
    expect((await open(directory, "other")).size).toBe(0);
  });

  test.each<[string, (path: string) => Promise<void>]>([
    ["cut short", async (path) => truncate(path, (await readFile(path)).length - 3)],
    ["followed by half a header", (path) => appendFile(path, "nv1")],
    ["followed by a block that never was", (path) => appendFile(path, Buffer.alloc(100, 1))],
  ])("leaves out a last block that is %s, and goes on after the one before", async (name, damage) => {
    const directory = await temporaryDirectory();
    const first = await open(directory);
    await first.append(keys.slice(0, 2), vectors.subarray(0, 4));
    await first.append(keys.slice(2), vectors.subarray(4));
    await first.close();
    await damage(join(directory, (await readdir(directory))[0]!));
    const second = await open(directory);
    expect(second.has(keys[2]!)).toBe(name !== "cut short");
    await second.append(keys.slice(2), vectors.subarray(4));
    await second.close();
    const third = await open(directory);
    const output = new Float32Array(6);
    await third.readAll(keys, output);
    expect(output).toEqual(vectors);
  });

  test("belongs to one at a time, but not to the dead", async () => {
    const directory = await temporaryDirectory();
    const first = await open(directory);
    await expect(open(directory)).rejects.toThrow(
      new RegExp(`process ${process.pid} does .*Wait for it, or choose another directory with --cache`),
    );
    await first.close();
    const lock = join(directory, `${(await readdir(directory))[0]!}.lock`);
    await appendFile(lock, "999999999");
    await (await open(directory)).close();
    expect(await readdir(directory)).toHaveLength(1);
  });

  test("says where it cannot write", async () => {
    const directory = await temporaryDirectory();
    await appendFile(join(directory, "file"), "");
    await expect(VectorCache.open(join(directory, "file"), [], 2)).rejects.toThrow(
      /Expected to open the cache of teacher vectors .*Make room, or choose another directory with --cache/,
    );
  });
});

describe("a teacher's pass over texts", () => {
  test("gives every text the vector of its own tokens", async () => {
    const teacher = await openTiny();
    const some = ["the horse", "in the rain"];
    const { values, dimensions } = await embedPassages(
      teacher,
      textPassages(teacher, some),
      await temporaryDirectory(),
    );
    expect(dimensions).toBe(tinyTeacherDimensions);
    const sequences = some.map((text) => teacher.tokenize(text));
    expect(sequences.map((ids) => ids.length)).toEqual([4, 5]);
    const expected = await embedSequences(teacher.teacher, sequences, teacher.padId);
    expect(values).toEqual(expected.values);
  });

  test("reads a token of the vocabulary as one, and cuts long texts before the last special token", async () => {
    const teacher = await openTiny(6);
    const [before, token, after] = teacher.tokenizeToken("horse");
    expect(teacher.tokenize("horse")).toEqual([before, token, after]);
    const long = teacher.tokenize("horse ".repeat(20));
    expect(long).toEqual([before, token, token, token, token, after]);
    expect(tokenPassages(teacher, ["horse"])[0]!.key).not.toBe(textPassages(teacher, ["horse"])[0]!.key);
  });

  test("asks the teacher once, and after an interruption for the rest, with the same bits at the end", async () => {
    const directory = await temporaryDirectory();
    const whole = await openTiny();
    const expected = await embedPassages(whole, textPassages(whole, texts), await temporaryDirectory());

    const interrupted = await openTiny();
    let batches = 0;
    const failing: TextTeacher = {
      ...interrupted,
      teacher: {
        ...interrupted.teacher,
        embed: (batch) => {
          if (batches++ === 2) throw new Error("interrupted");
          return interrupted.teacher.embed(batch);
        },
      },
    };
    await expect(embedPassages(failing, textPassages(failing, texts), directory)).rejects.toThrow(
      "interrupted",
    );

    batches = 3;
    const resumed = await embedPassages(failing, textPassages(failing, texts), directory);
    expect(resumed.values).toEqual(expected.values);
    expect(batches).toBeLessThan(3 + 4);

    const asked = batches;
    await embedPassages(failing, textPassages(failing, texts), directory, () => expect.unreachable());
    expect(batches).toBe(asked);
  });
});
