/** `nearvec evaluate` from files to leaderboard. */
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import { parseCsv } from "../../distill-job/evaluate/data/csv.ts";
import { findDatasets, tasks } from "../../distill-job/evaluate/data/find-datasets.ts";
import { readSimilarityPairs } from "../../distill-job/evaluate/data/similarity-data.ts";
import { openModel } from "../../distill-job/evaluate/encoder.ts";
import { evaluate } from "../../distill-job/evaluate/evaluate.ts";
import { formatMarkdown, formatText, leaderboard } from "../../distill-job/evaluate/output/leaderboard.ts";
import { mtebResults } from "../../distill-job/evaluate/output/mteb-results.ts";
import { temporaryDirectory, tinyTeacher } from "../distill/tiny-teacher.ts";
import { writeFiles } from "../export/static-directory-fixture.ts";
import { tinyModel } from "../support/tiny-model.ts";

const lines = (...records: object[]): string => records.map((record) => JSON.stringify(record)).join("\n");

const labelled = [
  "text,label",
  '"the horse, the horse",animal',
  "a horse runs,animal",
  "rain in the rain,weather",
  "the rain,weather",
].join("\n");

async function dataFolder(): Promise<string> {
  const folder = await temporaryDirectory();
  await writeFiles(folder, {
    "stsb/sts-test.csv":
      'genre\tfile\tyear\t1\t5.000\tthe "horse"\tthe horse\ngenre\tfile\tyear\t2\t2.5\ta horse\train horse\ngenre\tfile\tyear\t3\t0\ta cafe\train\n',
    "multi/stsb-de-test.csv": '"a horse, a horse",horse,4.0\nrain,cafe,0.5\nhorse in,in,1\n',
    "mini/corpus.jsonl": lines(
      { _id: "d1", title: "Horse", text: "the horse" },
      { _id: "d2", title: "", text: "rain in the rain" },
      { _id: "d3", text: "cafe" },
    ),
    "mini/queries.jsonl": lines({ _id: "q1", text: "horses" }, { _id: "q2", text: "unjudged" }),
    "mini/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
    "labels/train.csv": labelled,
    "labels/test.csv": labelled,
  });
  return folder;
}

describe("all tasks over a model", () => {
  it("finds the data sets, and gives every one its scores", async () => {
    const folder = await dataFolder();
    const model = join(await temporaryDirectory(), "tiny.safetensors");
    await writeFile(model, tinyModel({ dimensions: 16 }));
    const datasets = await findDatasets(folder, tasks, "test");
    expect(datasets.map(({ task, name }) => `${task} ${name}`)).toEqual([
      "classification labels",
      "clustering labels",
      "retrieval mini",
      "sts multi-de",
      "sts stsb",
    ]);
    const encoder = await openModel(model);
    const results = await evaluate(encoder, datasets, "test");
    expect(results.map(({ system, main }) => `${system}: ${main}`)).toEqual([
      "tiny: accuracy",
      "tiny: v_measure",
      "tiny: ndcg_at_10",
      "BM25: ndcg_at_10",
      "tiny + BM25: ndcg_at_10",
      "tiny: cosine_spearman",
      "tiny: cosine_spearman",
    ]);
    const scores = Object.fromEntries(
      results.map(({ dataset, system, main, scores }) => [`${dataset.name} ${system} ${main}`, scores[main]]),
    );
    expect(scores["stsb tiny cosine_spearman"]).toBe(1);
    expect(scores["labels tiny accuracy"]).toBe(1);
    expect(scores["mini BM25 ndcg_at_10"]).toBe(1);
    expect(scores["mini tiny ndcg_at_10"]).toBe(1);

    const files = mtebResults(encoder, results);
    expect(Object.keys(files).map((path) => path.replace(encoder.revision, "REVISION"))).toEqual([
      "nearvec__tiny/REVISION/model_meta.json",
      "nearvec__tiny/REVISION/labels.json",
      "nearvec__tiny/REVISION/labelsClustering.json",
      "nearvec__tiny/REVISION/mini.json",
      "nearvec__tiny/REVISION/multi.json",
      "nearvec__tiny/REVISION/STSBenchmark.json",
    ]);
    expect(JSON.parse(files[`nearvec__tiny/${encoder.revision}/multi.json`] as string)).toMatchObject({
      task_name: "multi",
      scores: { test: [{ hf_subset: "de", languages: ["deu-Latn"], main_score: expect.any(Number) }] },
    });

    const board = leaderboard(results);
    expect(board.columns.slice(0, 3)).toEqual(["model", "labels accuracy", "labels v-measure"]);
    expect(formatMarkdown(board).split("\n")[3]).toMatch(/^\| BM25 \| {2}\| {2}\| 100\.00 \| 100\.00 \|/);
    expect(formatText(board).split("\n")).toHaveLength(5);
  });
});

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const run = (...options: string[]) =>
  spawnSync(process.execPath, [nearvec, "evaluate", ...options], { encoding: "utf8" });

describe("nearvec evaluate", () => {
  it("prints a leaderboard of models and a teacher, and writes Markdown and MTEB's files", async () => {
    const folder = await dataFolder();
    const out = await temporaryDirectory();
    const model = join(out, "tiny.safetensors");
    await writeFile(model, tinyModel());
    const options = ["--models", model, "--teacher", tinyTeacher, "--data", folder, "--tasks", "sts"];
    const markdown = join(out, "results.md");
    const { stdout, status } = run(...options, "--markdown", markdown, "--mteb", join(out, "results"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^model +multi-de Spearman +stsb Spearman\n─[─ ]+\ntiny .*\ntiny-teacher .*\n$/);
    expect(await readFile(markdown, "utf8")).toMatch(/^\| model \| multi-de Spearman \|/);
    const json = run(...options.slice(2), "--models", model, "--json");
    expect(JSON.parse(json.stdout)).toHaveLength(4);
  });

  it("tells models of one name apart", async () => {
    const folder = await dataFolder();
    const files = [join(folder, "one.safetensors"), join(folder, "two.safetensors")];
    await writeFile(files[0]!, tinyModel());
    await writeFile(files[1]!, tinyModel({ dimensions: 4 }));
    const { stdout } = run("--models", files.join(","), "--data", folder, "--tasks", "retrieval");
    const rows = stdout.trim().split("\n").slice(2);
    expect(rows).toHaveLength(5);
    expect(rows[3]).toMatch(/^tiny [0-9a-f]{12} /);
  });

  it.each<[string, string[], RegExp, number?]>([
    ["no model", ["--data", "."], /Expected --models or --teacher, got neither/, 2],
    ["a file that is not there", ["--models", "no.safetensors", "--data", "DATA"], /a model file at no/],
    ["no data for a task", ["--models", "x", "--data", ".", "--tasks", "sts"], /Expected data for sts/],
  ])("says in one line what is wrong: %s", async (_, options, message, code = 1) => {
    const folder = await dataFolder();
    const { stderr, status } = run(...options.map((option) => (option === "DATA" ? folder : option)));
    expect(status).toBe(code);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(message);
  });
});

test("CSV with quotes, commas, line breaks and empty cells", () => {
  expect(parseCsv('a,b\r\n"x, ""y""\nz",\n,2')).toEqual([
    ["a", "b"],
    ['x, "y"\nz', ""],
    ["", "2"],
  ]);
  expect(parseCsv('he said "no",1\n5" disk,2\n')).toEqual([
    ['he said "no"', "1"],
    ['5" disk', "2"],
  ]);
  expect(parseCsv("a,\n")).toEqual([["a", ""]]);
  expect(parseCsv("")).toEqual([]);
});

test("pairs without a score are refused", async () => {
  const path = join(await temporaryDirectory(), "sts-test.jsonl");
  await writeFile(path, lines({ sentence1: "a", sentence2: "b", score: "much" }));
  await expect(readSimilarityPairs(path)).rejects.toThrow(/Expected pairs of sentences with a score/);
});
