/** `nearvec embed`: every way in gives the vectors of the same texts in their order, and nothing half-written stays. */
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { runNearvec, startNearvec, temporaryFolder } from "./run-nearvec.ts";

let folder: string;
let path: string;
let model: StaticModel;
beforeAll(async () => {
  folder = await temporaryFolder();
  path = await file("tiny", tinyModel());
  model = await StaticModel.load(tinyModel());
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

interface Line {
  readonly index: number;
  readonly id?: string | number;
  readonly text?: string;
  readonly embedding: readonly number[];
}

/** Runs it with the tiny model; it must succeed. */
async function embed(args: readonly string[], stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await runNearvec(["embed", "--model", path, ...args], { stdin });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function lines(args: readonly string[], stdin = ""): Promise<Line[]> {
  return (await embed(args, stdin))
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** That these are the vectors of these texts, in this order. */
function expectVectors(found: readonly Line[], texts: readonly string[], options = {}): void {
  expect(found.map(({ index }) => index)).toEqual(texts.map((_, i) => i));
  expect(found.map(({ embedding }) => asFloat32(embedding))).toEqual(
    model.encode(texts, options).map((vector) => [...vector]),
  );
}

describe("what it embeds", () => {
  test("arguments", async () => {
    const texts = ["hello world", "the far edge", "see notes.txt near the edge"];
    expectVectors(await lines(texts), texts);
    expectVectors(await lines([...texts, "--dims", "3"]), texts, { dimensions: 3 });
    expectVectors(await lines([...texts, "--no-normalize"]), texts, { normalize: false });
  });

  test("lines of stdin, with any line's end; an empty one is a text, so that rows keep the lines' numbers", async () => {
    const texts = ["hello", "", "far edge", "world"];
    expectVectors(await lines([], "hello\n\nfar edge\r\nworld\n"), texts);
    expectVectors(await lines(["-"], "hello\n\nfar edge\nworld"), texts);
    expect(await lines([])).toEqual([]);
  });

  test("objects by line, with their ids, and their texts on request", async () => {
    const records = [{ id: 7, title: "far", text: "edge" }, "hello", { docid: "x", text: "near" }];
    const jsonl = `${records.map((record) => JSON.stringify(record)).join("\n\n")}\n`;
    const texts = ["far edge", "hello", "near"];
    const found = await lines([await file("records.jsonl", jsonl), "--with-text"]);
    expectVectors(found, texts);
    expect(found.map(({ id, text }) => [id, text])).toEqual([
      [7, "far edge"],
      [undefined, "hello"],
      ["x", "near"],
    ]);
    const fields = '{"headline": "far", "body": "edge"}\n';
    expectVectors(await lines(["--field", "headline", "--field", "body"], fields), ["far edge"]);
    expectVectors(await lines(["--stdin", "jsonl"], '"hello"\n{"text":"world"}'), ["hello", "world"]);
  });

  test("tables, whose fields may hold lines and quotes, and several files after one another", async () => {
    const csv = await file("table.csv", 'id,text,year\n1,"hello, ""far""\nedge",1999\n2,near,2024\n');
    const tsv = await file("table.tsv", "text\tid\nworld\tlast\n");
    const found = await lines([csv, "hello", tsv]);
    expectVectors(found, ['hello, "far"\nedge', "near", "hello", "world"]);
    expect(found.map(({ id }) => id)).toEqual(["1", "2", undefined, "last"]);
  });
});

describe("what it writes", () => {
  test("--json, and -o file.json, are an answer of /v1/embeddings", async () => {
    const json = JSON.parse(await embed(["hello world", "far", "--json"]));
    expectVectors(json.data, ["hello world", "far"]);
    expect(json).toEqual({
      object: "list",
      data: json.data.map(({ embedding }: Line, index: number) => ({
        object: "embedding",
        index,
        embedding,
      })),
      model: "tiny",
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    const output = join(folder, "out.json");
    await embed(["hello world", "far", "-o", output]);
    expect(JSON.parse(await readFile(output, "utf8"))).toEqual(json);
  });

  test("numbers with no more digits than a float32 needs", async () => {
    const numbers = (await embed(["hello world"])).match(/(?<=[[,])-?[\d.e-]+/g)!;
    expect(numbers).toHaveLength(8);
    for (const text of numbers) expect(text.replace(/^-?0\.0*|[-.]/g, "")).toMatch(/^\d{1,9}$/);
  });

  test("with -o, says what it wrote, in a line or as JSON", async () => {
    const output = join(folder, "out.npy");
    const args = ["hello", "北京", "-o", output];
    expect(await embed(args)).toMatch(
      /out\.npy: 2 x 8 float32, 1 KiB, 1 of them without a known token \(zeros\), \d+\.\d\d s\n$/,
    );
    expect(JSON.parse(await embed([...args, "--json"]))).toMatchObject({
      ...{ file: output, format: "npy", model: "tiny", texts: 2, dimensions: 8, dtype: "float32" },
      ...{ tokens: 1, unknownTexts: 1, bytes: 128 + 2 * 8 * 4 },
    });
  });

  test("many texts in threads give the bytes of one", async () => {
    const texts = Array.from(
      { length: 20_000 },
      (_, i) => ["hello", "far edge", "", "world is near"][i % 4]!,
    );
    const input = await file("many.txt", `${texts.join("\n")}\n`);
    const [one, three] = [join(folder, "one.jsonl"), join(folder, "three.jsonl")];
    await embed([input, "-o", one, "--threads", "1"]);
    await embed([input, "-o", three, "--threads", "3"]);
    const bytes = await readFile(three, "utf8");
    expect(bytes).toBe(await readFile(one, "utf8"));
    expectVectors(
      bytes
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
      texts,
    );
  });

  test("a line that comes slowly is answered before the next", async () => {
    const child = startNearvec(["embed", "--model", path]);
    for (const text of ["hello", "far edge"]) {
      child.stdin.write(`${text}\n`);
      const [line] = await once(child.stdout, "data");
      expect(asFloat32(JSON.parse(String(line)).embedding)).toEqual([...model.encode(text)]);
    }
    child.stdin.end();
    await once(child, "close");
    expect(child.exitCode).toBe(0);
  });

  test("a reader that has had enough is no error", async () => {
    const child = startNearvec(["embed", "--model", path, "--threads", "2"]);
    child.stdin.on("error", () => {}).end("hello far edge\n".repeat(50_000));
    const errors: string[] = [];
    child.stderr.on("data", (text) => errors.push(String(text)));
    await once(child.stdout, "data");
    child.stdout.destroy();
    await once(child, "close");
    expect({ code: child.exitCode, stderr: errors.join("") }).toEqual({ code: 0, stderr: "" });
  });
});

describe("what goes wrong", () => {
  test.each<[string, () => Promise<string[]>, string, number, RegExp]>([
    [
      "a line that is no JSON",
      async () => ["--stdin", "jsonl"],
      '"a"\n{"a',
      1,
      /JSON at stdin:2, .*per line/,
    ],
    [
      "a record without text",
      async () => ["--stdin", "jsonl"],
      '{"id": 1}',
      1,
      /at stdin:1, it has id\. .*--field/,
    ],
    [
      "a record without one of the fields",
      async () => ["--field", "a", "--field", "b"],
      '{"a": "x"}',
      1,
      /field a, b/,
    ],
    [
      "a table without the column",
      async () => [await file("no.csv", "a,b\n1,2\n")],
      "",
      1,
      /has a, b\. .*--field/,
    ],
    [
      "a file that is not there",
      async () => ["missing.jsonl"],
      "",
      1,
      /a file at missing\.jsonl, there is none/,
    ],
    [
      "text in another encoding",
      async () => [await file("latin.txt", Buffer.from("caf\xe9", "latin1"))],
      "",
      1,
      /UTF-8/,
    ],
    ["a model that is not there", async () => ["hello", "--model", "large"], "", 1, /base, nano or hf:/],
    ["too many dimensions", async () => ["hello", "--dims", "9"], "", 1, /from 1 to 8, got 9/],
    [
      "a folder to write to that is not there",
      async () => ["x", "-o", "no/where.npy"],
      "",
      1,
      /Create it first/,
    ],
    [
      "a device to write to",
      async () => ["x", "-o", "/dev/null", "--format", "npy"],
      "",
      1,
      /is a device or a pipe/,
    ],
    ["rows to stdout", async () => ["x", "--format", "npy"], "", 2, /--output beside --format npy/],
    [
      "a file of no known kind",
      async () => ["x", "-o", "x.parquet"],
      "",
      2,
      /\.json, \.jsonl, \.npy, \.safetensors/,
    ],
    [
      "options that exclude each other",
      async () => ["x", "--url", "http://127.0.0.1:9", "--no-normalize"],
      "",
      2,
      /--url/,
    ],
    ["a type that there is not", async () => ["x", "--dtype", "float64"], "", 2, /float32, int8/],
    ["no worker", async () => ["x", "--url", "http://127.0.0.1:9"], "", 1, /fetch failed.*nearvec dev/],
  ])("%s is said in one line", async (_, args, stdin, code, message) => {
    const outcome = await runNearvec(["embed", "--model", path, ...(await args())], { stdin });
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test("a mistake far down leaves the file as it was, and no other", async () => {
    const own = join(folder, "mistake");
    await mkdir(own);
    const output = join(own, "out.npy");
    await writeFile(output, "the old vectors");
    const stdin = `${'"hello"\n'.repeat(20_000)}{"id": 1}\n`;
    const { code, stderr } = await runNearvec(
      ["embed", "--model", path, "--stdin", "jsonl", "-o", output, "--threads", "2"],
      { stdin },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^nearvec: Expected text .* at stdin:20001/);
    expect(await readdir(own)).toEqual(["out.npy"]);
    expect(await readFile(output, "utf8")).toBe("the old vectors");
  });

  test("an interruption in the middle leaves the file as it was, and no other", async () => {
    const own = join(folder, "interrupted");
    await mkdir(own);
    const output = join(own, "out.npy");
    await writeFile(output, "the old vectors");
    const child = startNearvec(["embed", "--model", path, "-o", output, "--threads", "2"]);
    // stdin stays open, so it cannot be done.
    child.stdin.on("error", () => {}).write("hello far edge\n".repeat(20_000));
    while ((await readdir(own)).length < 2) await sleep(20);
    child.kill("SIGINT");
    await once(child, "close");
    expect(child.signalCode).toBe("SIGINT");
    expect(await readdir(own)).toEqual(["out.npy"]);
    expect(await readFile(output, "utf8")).toBe("the old vectors");
  });
});
