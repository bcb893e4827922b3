/** Tokens that share rows: in the file, read back, and what a file may not say of them. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { readArtifact } from "../../shared/artifact/artifact-reader.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { rowTypes } from "../../shared/artifact/model-metadata.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { rowPerToken } from "../../shared/artifact/token-mapping.ts";
import { NearvecError } from "../../shared/errors.ts";
import { configureKernel } from "../../shared/kernel/resident-model.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { type TamperedHeader, tensorOf, withHeader, withTensor } from "../support/tampered-model.ts";
import { tinyModel, tinyModelContent, tinySharedRows } from "../support/tiny-model.ts";

const dimensions = 40;

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(rowTypes)("a file of %s rows that tokens share", (rowType) => {
  const content = tinyModelContent({ rowType, dimensions, mapped: true });
  const file = writeArtifact(content);
  const { mapping } = content;

  it("is read back as it was written", async () => {
    const table = await readTable(file);
    expect(table.metadata).toMatchObject({
      mapped: true,
      vocabularySize: 16,
      rows: tinySharedRows,
    });
    expect(table.mapping).toEqual(mapping);
    const plain = { ...tinyModelContent({ rowType, dimensions }), rows: content.rows };
    const alone = await readTable(
      writeArtifact({ ...plain, tokenizer: { ...plain.tokenizer, vocabularySize: tinySharedRows } }),
    );
    expect(table.rows).toEqual(alone.rows);
  });

  it("gives every token its row times its weight", async () => {
    const table = await readTable(file);
    const model = await StaticModel.load(file);
    const rows = rowPerToken(table.rows, dimensions, table.mapping);
    expect(rows.length).toBe(16 * dimensions);
    const vector = new Float32Array(dimensions);
    for (const token of [0, 2, 3, 7, 15]) {
      model.encodeInto([token], vector, 0, { normalize: false });
      const row = mapping!.rows[token]!;
      vector.forEach((value, i) => {
        const expected = table.rows[row * dimensions + i]! * mapping!.weights[token]!;
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.abs(expected) * 4e-7);
        expect(rows[token * dimensions + i]).toBe(Math.fround(expected));
      });
    }
  });

  it("can be written again", async () => {
    const { rows, mapping, metadata, tokenizer } = await readTable(file);
    const again = writeArtifact({
      ...content,
      rows: rowType === "float32" ? { type: rowType, values: rows } : content.rows,
      mapping: mapping!,
      tokenizer,
      provenance: metadata.provenance,
    });
    expect(again).toEqual(file);
  });
});

describe("a file without a mapping", () => {
  it("has no word of one", async () => {
    const file = tinyModel();
    expect((await StaticModel.load(file)).metadata).toMatchObject({
      mapped: false,
      vocabularySize: 16,
      rows: 16,
    });
    withHeader(file, (header) => {
      expect(Object.keys(header)).not.toContain("mapping");
      expect(Object.keys(header)).not.toContain("weights");
      expect(Object.keys(header.__metadata__)).not.toContain("vocabulary_size");
    });
    const { rows, mapping } = await readTable(file);
    expect(mapping).toBeNull();
    expect(rowPerToken(rows, 8, mapping)).toBe(rows);
  });
});

describe("the header of a mapping that lies is refused before any memory is taken", () => {
  const set =
    (field: string, value: string) =>
    ({ __metadata__: metadata }: TamperedHeader): void => {
      metadata[field] = value;
    };
  const lies: [string, (header: TamperedHeader) => void, RegExp][] = [
    ["more tokens than there are", set("vocabulary_size", "17"), /mapping to have shape \[17\]/],
    ["tokens beyond all limits", set("vocabulary_size", "99999999999"), /vocabulary_size/],
    ["no tokens", set("vocabulary_size", "0"), /vocabulary_size/],
    ["an unknown token beyond them", set("unk_token_id", "16"), /unknown token/],
    ["rows that there are not", set("rows", "6"), /embeddings to have shape \[6/],
    ["no vocabulary size", ({ __metadata__: m }) => void delete m.vocabulary_size, /vocabulary_size/],
    ["no mapping", (header) => void delete header.mapping, /mapping|begin/],
    ["no weights", (header) => void delete header.weights, /weights|begin/],
    [
      "row numbers of another type",
      (header) => void Object.assign(tensorOf(header, "mapping"), { dtype: "F32" }),
      /mapping to be U32, got F32/,
    ],
    [
      "weights of another type",
      (header) => void Object.assign(tensorOf(header, "weights"), { dtype: "U32" }),
      /weights to be F32, got U32/,
    ],
    [
      "a mapping of other shape",
      (header) => void Object.assign(tensorOf(header, "mapping"), { shape: [4, 4] }),
      /mapping to have shape \[16\], got \[4,4\]/,
    ],
    ["a mapping that is not aligned", shiftMapping, /mapping at a multiple of 64 bytes/],
  ];

  it.each(lies)("%s", async (_, edit, message) => {
    const file = withHeader(tinyModel({ mapped: true }), edit);
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
    const error = await StaticModel.load(file).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NearvecError);
    expect(error).toMatchObject({ code: "artifact_invalid", message: expect.stringMatching(message) });
    expect(grow).not.toHaveBeenCalled();
  });

  /** What comes before the mapping gets a byte longer, and the padding that comes after it a byte shorter. */
  function shiftMapping(header: TamperedHeader): void {
    const names = Object.keys(header).filter((name) => name !== "__metadata__");
    const mapping = names.indexOf("mapping");
    const padding = names.findIndex((name, i) => i > mapping && name.startsWith("padding."));
    const resize = (name: string, bytes: number): void => {
      tensorOf(header, name).shape[0]! += bytes;
    };
    resize(names[mapping - 1]!, 1);
    resize(names[padding]!, -1);
    for (let i = mapping; i <= padding; i++) {
      tensorOf(header, names[i - 1]!).data_offsets[1] += 1;
      tensorOf(header, names[i]!).data_offsets[0] += 1;
    }
  }
});

describe("a mapping whose checksum is right", () => {
  it.each([tinySharedRows, 0x7fff_ffff, 0xffff_ffff])("is refused with row %i", async (row) => {
    for (const token of [0, 15]) {
      const file = withTensor(tinyModel({ mapped: true }), "mapping", (bytes) =>
        new DataView(bytes.buffer, bytes.byteOffset).setUint32(token * 4, row, true),
      );
      for (const reading of [StaticModel.load(file), readTable(file)]) {
        await expect(reading).rejects.toMatchObject({
          code: "artifact_invalid",
          message: expect.stringContaining(`rows 0 to 4, got row ${row} for token ${token}`),
        });
      }
    }
  });

  it("traps if it were to change afterwards: the kernel reads no row that there is not", async () => {
    for (const rowType of rowTypes) {
      const file = tinyModel({ mapped: true, rowType });
      const artifact = await readArtifact({ chunks: [file], size: file.length }, file.length);
      const { kernel, dataPointer, header } = artifact;
      configureKernel(artifact);
      const ids = new Uint32Array(kernel.memory.buffer, kernel.idsPointer(), 1);
      const { offset } = header.tensors.get("mapping")!;
      // With one number more than there are tokens: what comes after it could be one, too.
      const mapping = new Uint32Array(kernel.memory.buffer, dataPointer + offset, 17);
      const pool = () => kernel.poolIds(0, 1, 8, 0);
      mapping[5] = tinySharedRows;
      mapping[16] = 0;
      ids[0] = 4;
      pool();
      ids[0] = 5;
      expect(pool).toThrow(WebAssembly.RuntimeError);
      ids[0] = 16;
      expect(pool).toThrow(WebAssembly.RuntimeError);
    }
  });

  it("may give any weight, and does no harm", async () => {
    for (const weight of [Number.NaN, Number.POSITIVE_INFINITY, -3e38, 1e-45]) {
      for (const rowType of rowTypes) {
        const file = withTensor(tinyModel({ mapped: true, rowType }), "weights", (bytes) =>
          new DataView(bytes.buffer, bytes.byteOffset).setFloat32(5 * 4, weight, true),
        );
        const model = await StaticModel.load(file);
        const vector = model.encode("the rain");
        expect(vector.length).toBe(8);
        expect(model.encode("a rain")).toEqual(
          (await StaticModel.load(tinyModel({ mapped: true, rowType }))).encode("a rain"),
        );
      }
    }
  });
});

describe("a mapping that does not fit is not written", () => {
  const content = tinyModelContent({ mapped: true });
  const { rows, weights } = content.mapping!;
  it.each([
    ["a row that there is not", { rows: rows.map((row, i) => (i === 3 ? 5 : row)), weights }],
    ["rows of some tokens", { rows: rows.slice(1), weights }],
    ["weights of some tokens", { rows, weights: weights.slice(1) }],
    ["a weight that is no number", { rows, weights: weights.map((w, i) => (i === 2 ? Number.NaN : w)) }],
  ])("%s", (_, mapping) => {
    expect(() => writeArtifact({ ...content, mapping })).toThrow(NearvecError);
  });

  it("half a row", () => {
    const values = content.rows.values.slice(1) as Int8Array;
    expect(() => writeArtifact({ ...content, rows: { ...content.rows, values } as never })).toThrow(
      NearvecError,
    );
  });
});
