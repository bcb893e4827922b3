import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countTokens } from "../../distill-job/corpus/token-counts.ts";
import { columnMeans, covariance, scatter } from "../../distill-job/table/covariance.ts";
import { gaussians } from "../../distill-job/table/gaussians.ts";
import { makeTable } from "../../distill-job/table/make-table.ts";
import { addProductTransposed } from "../../distill-job/table/matrix-product.ts";
import { componentsFor, principalComponents } from "../../distill-job/table/principal-components.ts";
import { quantizeRows } from "../../distill-job/table/quantize-rows.ts";
import { corpusSifWeights, sifWeights } from "../../distill-job/table/sif-weights.ts";
import type { TableDimensions } from "../../distill-job/table/table-options.ts";
import type { TeacherVectors } from "../../distill-job/teacher/embed-sequences.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { tinyTokenizerJson } from "../support/tiny-model.ts";
import golden from "./golden/post-process.json" with { type: "json" };

const teacher = {
  values: Float32Array.from(golden.matrix),
  rows: golden.rows,
  dimensions: golden.dimensions,
};

/** Largest difference between two lists of numbers. */
function distance(left: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(left.length).toBe(right.length);
  return Array.from(left, (value, i) => Math.abs(value - right[i]!)).reduce((a, b) => Math.max(a, b), 0);
}

describe("tables equal those of model2vec's post_process_embeddings", () => {
  for (const { dimensions, sif, width, table } of golden.cases) {
    test(`dims ${dimensions}, SIF ${sif}`, async () => {
      const made = await makeTable(teacher, {
        dimensions: (dimensions ?? "none") as TableDimensions,
        weights: sif === null ? null : sifWeights(teacher.rows, sif),
      });
      expect(made.dimensions).toBe(width);
      // The golden numbers come from single precision: six digits of values up to ten.
      expect(distance(made.values, table)).toBeLessThan(2e-5);
    });
  }
});

describe("principal components", () => {
  // Points on the line y = x / 2 but for a little: the first direction is that of (2, 1).
  const line = Float32Array.from([-4, -2, -2, -1, 0, 0, 2, 1, 4, 2]);

  test("of points on a line are that line and the one across it, largest entry positive", () => {
    const means = columnMeans(line, 2);
    expect([...means]).toEqual([0, 0]);
    const { directions, variances } = principalComponents(means, covariance([scatter(line, means)], 5));
    const root5 = Math.sqrt(5);
    expect(distance(directions, [2 / root5, 1 / root5, -1 / root5, 2 / root5])).toBeLessThan(1e-12);
    // Squared distances from the middle are 20, 5, 0, 5, 20; divided by rows - 1.
    expect(distance(variances, [12.5, 0])).toBeLessThan(1e-12);
  });

  test("as many are kept as explain more than the fraction", () => {
    const variances = Float64Array.from([5, 3, 2]);
    expect(componentsFor(0.4, variances)).toBe(1);
    expect(componentsFor(0.5, variances)).toBe(2);
    expect(componentsFor(0.79, variances)).toBe(2);
    expect(componentsFor(0.999, variances)).toBe(3);
  });

  test("explained variance is the share that the kept dimensions have", async () => {
    const explained = async (matrix: TeacherVectors, dimensions: TableDimensions) =>
      (await makeTable(matrix, { dimensions, weights: null })).explainedVariance;
    expect(await explained({ values: line, rows: 5, dimensions: 2 }, 1)).toBeCloseTo(1, 12);
    expect(await explained(teacher, "auto")).toBeCloseTo(1, 12);
    expect(await explained(teacher, 0.8)).toBeGreaterThan(0.8);
  });

  test("have the same bits with any number of threads", async () => {
    // Large enough for threads to be used.
    const [rows, dimensions] = [9001, 80];
    const values = Float32Array.from(
      { length: rows * dimensions },
      (_, i) => Math.sin(i * 1.7) / (1 + (i % 80)),
    );
    const table = (threads: number) =>
      makeTable({ values, rows, dimensions }, { dimensions: 0.9, weights: sifWeights(rows, 1e-4), threads });
    const alone = await table(1);
    expect(alone.dimensions).toBeGreaterThan(1);
    for (const threads of [2, 3]) expect(await table(threads)).toEqual(alone);
  });
});

test("a product by tiles equals the product by definition, whatever the shape", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(size, size, size, (rows, columns, inner) => {
      const left = Float64Array.from({ length: rows * inner }, (_, i) => Math.sin(i + 1));
      const right = Float64Array.from({ length: columns * inner }, (_, i) => Math.cos(i));
      const product = new Float64Array(rows * columns);
      addProductTransposed(left, right, inner, product);
      const expected = product.map((_, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns];
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += left[i * inner + k]! * right[j * inner + k]!;
        return sum;
      });
      expect(product).toEqual(expected);
    }),
  );
});

test("SIF weights follow Zipf's law from rank 2 on", () => {
  const harmonic = 1 / 2 + 1 / 3 + 1 / 4;
  const a = 0.1;
  const expected = [2, 3, 4].map((rank) => a / (a + 1 / rank / harmonic));
  expect(distance(sifWeights(3, a), expected)).toBeLessThan(1e-15);
});

describe("8-bit rows", () => {
  test("are off by half a step of their own row's scale at most", () => {
    const rows = fc.array(
      fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 4, maxLength: 4 }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(rows, (table) => {
        const { values, scales } = quantizeRows(Float32Array.from(table.flat()), 4);
        table.flat().forEach((value, i) => {
          const scale = scales[i >> 2]!;
          // Rows of the smallest float32 numbers have no scale between them and 0.
          expect(Math.abs(values[i]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001 + 1e-43);
        });
      }),
    );
  });

  test("use the whole range in every row, however small the row", () => {
    const { values, scales } = quantizeRows(Float32Array.from([1000, -1000, 0.001, 0.0005, 0, 0]), 2);
    expect([...values]).toEqual([127, -127, 127, 64, 0, 0]);
    expect(scales[0]! / scales[1]!).toBeCloseTo(1e6, -1);
    expect(scales[2]).toBe(0);
  });
});

describe("dimensions that cannot be had are refused", () => {
  test.each<[TableDimensions, string]>([
    [7, "at most the teacher's 6, got 7"],
    [6, "fewer than the 5 rows that are left, got 6"],
  ])("%s", async (dimensions, message) => {
    const few = { ...teacher, values: teacher.values.subarray(0, 30), rows: 5 };
    await expect(makeTable(few, { dimensions, weights: null })).rejects.toThrow(message);
  });
});

describe("whitening", () => {
  const rows = 400;
  const dimensions = 12;
  const random = gaussians(3);
  // Dimension i has a deviation of 1 / (i + 1).
  const values = Float32Array.from(
    { length: rows * dimensions },
    (_, i) => random() / (1 + (i % dimensions)),
  );
  const deviations = async (whitening: number) => {
    const table = await makeTable({ values, rows, dimensions }, { dimensions: 6, weights: null, whitening });
    return Array.from({ length: 6 }, (_, column) => {
      let squares = 0;
      for (let row = 0; row < rows; row++) squares += table.values[row * 6 + column]! ** 2;
      return Math.sqrt(squares / (rows - 1));
    });
  };

  test("divides each component by the power of its deviation", async () => {
    const plain = await deviations(0);
    const half = await deviations(0.5);
    const full = await deviations(1);
    plain.forEach((deviation, i) => {
      expect(half[i]).toBeCloseTo(deviation ** 0.5, 4);
      expect(full[i]).toBeCloseTo(1, 4);
    });
  });
});

describe("weights by measured frequency", () => {
  test("are a / (a + p), with one occurrence added to every token's", () => {
    // Counts 0, 1 and 7 become 1, 2 and 8 of 11.
    const weights = corpusSifWeights([0, 1, 7], 0.1);
    expect([...weights]).toEqual([1, 2, 8].map((count) => expect.closeTo(0.1 / (0.1 + count / 11), 12)));
  });

  test("come from the tokens that the model will see", async () => {
    const tokenizer = compileTokenizer(tinyTokenizerJson());
    const counts = await countTokens(tokenizer, ["A horse, a horse!", "unknown words", "running"]);
    const { vocab } = tinyTokenizerJson().model as { vocab: Record<string, number> };
    const count = (token: string) => counts[vocab[token]!];
    expect([count("a"), count("horse"), count("!"), count("run"), count("##ning")]).toEqual([2, 2, 1, 1, 1]);
    expect(count("[UNK]")).toBe(0);
  });

  test("need a corpus with known words", async () => {
    const tokenizer = compileTokenizer(tinyTokenizerJson());
    await expect(countTokens(tokenizer, ["zzz", ""])).rejects.toThrow("corpus");
  });
});
