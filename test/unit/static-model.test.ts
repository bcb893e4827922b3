/** StaticModel: what model2vec 0.8 does, computed here once more in plain double precision. */
import { describe, expect, it } from "vitest";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { rowTypes } from "../../shared/artifact/model-metadata.ts";
import { NearvecError } from "../../shared/errors.ts";
import { unpackRows } from "../../shared/kernel/row-layout.ts";
import { StaticModel } from "../../shared/static-model.ts";
import {
  fixedNoise,
  type TinyModelOptions,
  tinyModel,
  tinyModelContent,
  tinyTokenizerJson,
} from "../support/tiny-model.ts";

/** The mean of the rows of `ids` over the first `width` dimensions, normalized or not. */
function reference(
  options: TinyModelOptions,
  ids: ArrayLike<number>,
  width: number,
  normalize: boolean,
): number[] {
  const { rows, dimensions, mapping } = tinyModelContent(options);
  const values =
    rows.type === "int8" || rows.type === "float32"
      ? rows.values
      : unpackRows(rows.values, dimensions, rows.type);
  const mean = Array.from({ length: width }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < ids.length; t++) {
      const id = ids[t]!;
      const row = mapping?.rows[id] ?? id;
      const scale = rows.type === "float32" ? 1 : rows.scales[row]!;
      sum += values[row * dimensions + i]! * scale * (mapping?.weights[id] ?? 1);
    }
    return ids.length === 0 ? 0 : sum / ids.length;
  });
  const norm = Math.hypot(...mean) + 1e-32;
  return normalize ? mean.map((value) => value / norm) : mean;
}

/** int8 rows are weighted with 15 bits, so a sum may be off by 1/65534 of the largest row per row. */
function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4): void {
  expect(got.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs), 1e-30);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(got[i]! - expected[i]!) / largest).toBeLessThan(tolerance);
  }
}

describe.each(
  rowTypes.flatMap((rowType) => [
    { rowType, mapped: false, shared: "" },
    { rowType, mapped: true, shared: " that tokens share" },
  ]),
)("a model of $rowType rows$shared", ({ rowType, mapped }) => {
  it.each([1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 256, 384])(
    "pools %i dimensions",
    async (dimensions) => {
      const options = { rowType, mapped, dimensions };
      const model = await StaticModel.load(tinyModel(options));
      for (const text of ["horse", "the horse", "the horse is running in the rain!", "a ".repeat(301)]) {
        const ids = model.tokenize(text);
        for (const normalize of [true, false]) {
          expectClose(model.encode(text, { normalize }), reference(options, ids, dimensions, normalize));
          const half = Math.ceil(dimensions / 2);
          expectClose(
            model.encode(text, { normalize, dimensions: half }),
            reference(options, ids, half, normalize),
          );
        }
      }
    },
  );

  it("adds up thousands of tokens without overflow", async () => {
    const options = { rowType, mapped, dimensions: 40, maxLength: 100_000 };
    const model = await StaticModel.load(tinyModel(options));
    const text = "rain horse in the ".repeat(5000);
    const ids = model.tokenize(text, { maxLength: 100_000 });
    expect(ids.length).toBe(20_000);
    expectClose(
      model.encode(text, { maxLength: null, normalize: false }),
      reference(options, ids, 40, false),
      1e-3,
    );
  });

  it("gives one row per token as a sequence, not normalized", async () => {
    const options = { rowType, mapped, dimensions: 20 };
    const model = await StaticModel.load(tinyModel(options));
    const text = "the horse, running";
    const ids = model.tokenize(text);
    const rows = model.encodeAsSequence(text);
    expect(rows.length).toBe(ids.length);
    rows.forEach((row, i) => {
      expectClose(row, reference(options, [ids[i]!], 20, false));
    });
    expect(model.encodeAsSequence("", {})).toEqual([]);
    expect(
      model.encodeAsSequence([text, "a"], { dimensions: 3 }).map((each) => each.map((row) => row.length)),
    ).toEqual([rows.map(() => 3), [3]]);
  });
});

describe("encode", () => {
  it("gives zeros where there are no tokens", async () => {
    const model = await StaticModel.load(tinyModel());
    for (const text of ["", "   ", "unknown words only", "\u0000"]) {
      expect([...model.encode(text)]).toEqual(new Array(8).fill(0));
    }
  });

  it("gives the same bits one by one, in a list and from ids", async () => {
    const model = await StaticModel.load(tinyModel({ dimensions: 100 }));
    const texts = ["the horse", "", "running in the rain!", "中 cafe", "a".repeat(50)];
    const vectors = model.encode(texts);
    texts.forEach((text, i) => {
      expect(vectors[i]).toEqual(model.encode(text));
      const fromIds = new Float32Array(100);
      expect(model.encodeInto(model.tokenize(text), fromIds, 0)).toBe(model.tokenize(text).length);
      expect(fromIds).toEqual(model.encode(text));
    });
  });

  it("does not remember the text before", async () => {
    const model = await StaticModel.load(tinyModel());
    const fresh = model.encode("the rain");
    model.encode(`${"horse running unruns! ".repeat(500)}中`);
    expect(model.encode("the rain")).toEqual(fresh);
  });

  it("drops unknown tokens, from ids too", async () => {
    const model = await StaticModel.load(tinyModel());
    expect(model.encode("the unknown horse")).toEqual(model.encode("the horse"));
    const output = new Float32Array(8);
    expect(model.encodeInto([1, 2, 1], output, 0)).toBe(1);
    expect(output).toEqual(model.encode("a"));
  });

  it("cuts a text to maxLength tokens after unknown ones are dropped", async () => {
    const model = await StaticModel.load(tinyModel());
    expect(model.encode("a a a rain", { maxLength: 3 })).toEqual(model.encode("a a a"));
    expect(model.encode("a rain", { maxLength: 0 })).toEqual(model.encode(""));
    expect([...model.tokenize("a z a a", { maxLength: 2 })]).toEqual([...model.tokenize("a a")]);
  });

  it("cuts a text to maxLength times the median token length in code points first", async () => {
    const model = await StaticModel.load(tinyModel({ maxLength: 2 }));
    const median = model.metadata.medianTokenLength;
    expect(median).toBe(3);
    // Six code points, however many UTF-16 units or bytes they take, none of them a known token.
    for (const filler of [" ", "é", "字", "😀", "\ud800"]) {
      expect(model.encode(`${filler.repeat(5)} a rain`)).toEqual(model.encode(""));
      expect(model.encode(`${filler.repeat(4)} a rain`)).toEqual(model.encode("a"));
    }
  });

  it("takes the model's own settings unless told otherwise", async () => {
    const model = await StaticModel.load(tinyModel({ normalize: false, maxLength: 3 }));
    expect(model.encode("a the rain")).toEqual(
      model.encode("a the rain", { normalize: false, maxLength: 3 }),
    );
    expect(Math.hypot(...model.encode("the rain", { normalize: true }))).toBeCloseTo(1, 6);
    expect(Math.hypot(...model.encode("the rain"))).not.toBeCloseTo(1, 2);
  });

  it("grows for long texts and keeps its answers", async () => {
    const model = await StaticModel.load(tinyModel());
    const before = model.byteLength;
    const long = "horse ".repeat(100_000);
    expect(model.tokenize(long).length).toBe(100_000);
    expect(model.byteLength).toBeGreaterThan(before);
    expect(model.encode("the rain")).toEqual((await StaticModel.load(tinyModel())).encode("the rain"));
  });

  it("does not grow for long texts that are cut", async () => {
    const model = await StaticModel.load(tinyModel());
    const before = model.byteLength;
    model.encode("horse ".repeat(1_000_000));
    expect(model.byteLength).toBe(before);
  });

  it("costs little more memory than the file", async () => {
    const file = tinyModel();
    const model = await StaticModel.load(file);
    expect(model.byteLength - file.length).toBeLessThan(4 * 1024 * 1024);
  });

  it("copes with rows of zeros and scales of zero", async () => {
    const content = tinyModelContent({ dimensions: 4 });
    const count = content.tokenizer.vocabularySize;
    const rows = {
      type: "int8",
      values: new Int8Array(count * 4).fill(5),
      scales: new Float32Array(count),
    } as const;
    const model = await StaticModel.load(writeArtifact({ ...content, rows }));
    expect([...model.encode("the rain")]).toEqual([0, 0, 0, 0]);
  });

  it("keeps small rows beside large ones", async () => {
    const content = tinyModelContent({ dimensions: 16 });
    const count = content.tokenizer.vocabularySize;
    const scales = Float32Array.from({ length: count }, (_, id) => 10 ** -(id % 4));
    const values = Int8Array.from(fixedNoise(count * 16, 9), (value) => Math.round(value * 127));
    const model = await StaticModel.load(
      writeArtifact({ ...content, rows: { type: "int8", values, scales } }),
    );
    const ids = model.tokenize("a horse in the rain!");
    const expected = Array.from(
      { length: 16 },
      (_, i) => ids.reduce((sum, id) => sum + values[id * 16 + i]! * scales[id]!, 0) / ids.length,
    );
    expectClose(model.encode("a horse in the rain!", { normalize: false }), expected, 1e-4);
  });
});

describe("distinct pooling", () => {
  /** The tokens that count: one of each in every window. */
  const distinct = (ids: Uint32Array, window: number): number[] =>
    Array.from({ length: Math.ceil(ids.length / window) }, (_, i) => [
      ...new Set(ids.subarray(i * window, (i + 1) * window)),
    ]).flat();
  const texts = [
    "a",
    "a a a",
    "the rain in the rain in the rain",
    `${"horse ".repeat(31)}a horse`,
    `${"horse ".repeat(32)}a horse`,
    "the horse is running in the rain! ".repeat(40),
  ];

  it.each(
    [4, 8, 32, 64].flatMap((poolingWindow) => [
      { poolingWindow, mapped: false },
      { poolingWindow, mapped: true },
    ]),
  )("counts a token once in each window of $poolingWindow, shared rows: $mapped", async (shape) => {
    const { poolingWindow } = shape;
    for (const rowType of rowTypes) {
      const options = { rowType, dimensions: 24, pooling: "distinct", ...shape } as const;
      const model = await StaticModel.load(tinyModel(options));
      for (const text of texts) {
        const ids = distinct(model.tokenize(text, { maxLength: 512 }), poolingWindow);
        expectClose(model.encode(text, { normalize: false }), reference(options, ids, 24, false), 1e-3);
        expectClose(model.encode(text), reference(options, ids, 24, true), 1e-3);
      }
    }
  });

  it("has windows of 32 tokens unless told otherwise, and says so", async () => {
    const model = await StaticModel.load(tinyModel({ pooling: "distinct" }));
    expect(model.metadata).toMatchObject({ pooling: "distinct", poolingWindow: 32 });
    expect((await StaticModel.load(tinyModel())).metadata).toMatchObject({
      pooling: "mean",
      poolingWindow: 0,
    });
  });

  it("counts all tokens as used, and gives all of them as a sequence and as ids", async () => {
    const model = await StaticModel.load(tinyModel({ pooling: "distinct" }));
    const output = new Float32Array(8);
    expect(model.encodeInto("a a rain", output, 0)).toBe(3);
    expect(model.encodeInto(model.tokenize("a a rain"), output, 0)).toBe(3);
    expect(output).toEqual(model.encode("a a rain"));
    expect(model.encodeAsSequence("a a rain").length).toBe(3);
    expect(model.tokenize("a a rain").length).toBe(3);
  });

  it.each([3, 5, 68])("is refused with windows of %i", (poolingWindow) => {
    expect(() => tinyModel({ pooling: "distinct", poolingWindow })).toThrow(NearvecError);
  });
});

describe("a file whose tables contradict each other", () => {
  it.each(["int8", "float32"] as const)("is an error when it is used, not a crash: %s", async (rowType) => {
    const content = tinyModelContent({ rowType });
    const { rows } = content;
    // Fewer rows than the vocabulary has ids.
    const model = await StaticModel.load(
      writeArtifact({
        ...content,
        tokenizer: { ...content.tokenizer, vocabularySize: 3 },
        rows: {
          ...rows,
          values: rows.values.slice(0, 3 * content.dimensions),
          ...(rows.type === "float32" ? {} : { scales: rows.scales.slice(0, 3) }),
        } as typeof rows,
      }),
    );
    expect(model.encode("a").some((value) => value !== 0)).toBe(true);
    expect(() => model.encode("the rain")).toThrow(expect.objectContaining({ code: "artifact_invalid" }));
    expect(model.encode("a").some((value) => value !== 0)).toBe(true);
  });
});

describe("a rotated model", () => {
  it("cannot be truncated, and says why", async () => {
    const model = await StaticModel.load(tinyModel({ rotated: true }));
    expect(model.encode("a rain", { dimensions: 8 })).toEqual(model.encode("a rain"));
    expect(() => model.encode("a rain", { dimensions: 4 })).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "dimensions" }),
    );
    expect(() => model.encode("a rain", { dimensions: 4 })).toThrow("rotated");
  });
});

describe("options out of range", () => {
  it.each([
    ["dimensions", { dimensions: 0 }],
    ["dimensions", { dimensions: 9 }],
    ["dimensions", { dimensions: 1.5 }],
    ["maxLength", { maxLength: -1 }],
    ["maxLength", { maxLength: 2.5 }],
    ["maxLength", { maxLength: Number.NaN }],
  ])("name the option: %s in %o", async (param, options) => {
    const model = await StaticModel.load(tinyModel());
    expect(() => model.encode("a", options)).toThrow(
      expect.objectContaining({ code: "invalid_request", param }),
    );
  });

  it.each([[-1], [1.5], [1e9], [Number.NaN], [16]])("name the token id %d", async (id) => {
    const model = await StaticModel.load(tinyModel());
    const output = new Float32Array(8);
    expect(() => model.encodeInto([0, id], output, 0)).toThrow(NearvecError);
  });
});

describe("a tokenizer of another kind", () => {
  it.each([
    ["model", { model: { type: "BPE" } }],
    ["normalizer", { normalizer: { type: "NFC" } }],
    ["pre_tokenizer", { pre_tokenizer: null }],
  ])("is refused, naming its %s", async (part, change) => {
    const { compileTokenizer } = await import("../../shared/tokenizer/compile-tokenizer.ts");
    expect(() => compileTokenizer({ ...tinyTokenizerJson(), ...change } as never)).toThrow(part);
  });
});
