/** The model file's writer: a valid safetensors file, aligned, the same bytes for the same content. */
import { describe, expect, it } from "vitest";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { rowTypes } from "../../shared/artifact/model-metadata.ts";
import { NearvecError } from "../../shared/errors.ts";
import { checksumOf } from "../../shared/kernel/checksum.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { tinyModel, tinyModelContent } from "../support/tiny-model.ts";

interface TensorEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Reads a file by the safetensors specification alone. */
function readSafetensors(file: Uint8Array) {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = JSON.parse(
    new TextDecoder().decode(file.subarray(8, 8 + length)),
  ) as Record<string, TensorEntry> & { __metadata__: Record<string, string> };
  const dataStart = 8 + length;
  const bytesOf = (name: string): Uint8Array => {
    const [begin, end] = tensors[name]!.data_offsets;
    return file.slice(dataStart + begin, dataStart + end);
  };
  return { metadata, tensors, dataStart, bytesOf };
}

describe.each(rowTypes)("a file of %s rows", (rowType) => {
  const content = tinyModelContent({ rowType, dimensions: 7 });
  const file = writeArtifact(content);
  const { tensors, metadata, dataStart, bytesOf } = readSafetensors(file);

  it("has its tensors one after the other, without a gap, up to the end", () => {
    let end = 0;
    for (const { data_offsets: offsets } of Object.values(tensors)) {
      expect(offsets[0]).toBe(end);
      end = offsets[1];
    }
    expect(dataStart + end).toBe(file.length);
  });

  it("has every tensor at a multiple of 64 bytes, the rows last", () => {
    for (const [name, { data_offsets: offsets }] of Object.entries(tensors)) {
      if (!name.startsWith("padding."))
        expect({ name, at: (dataStart + offsets[0]) % 64 }).toEqual({ name, at: 0 });
    }
    expect(Object.keys(tensors).at(-1)).toBe("embeddings");
    expect(Object.keys(tensors)[0]).toBe("tokenizer.added_tokens");
  });

  it("holds the rows as any reader of safetensors expects them", () => {
    const { rows } = content;
    expect(tensors.embeddings).toMatchObject({
      dtype: { int8: "I8", float32: "F32", int4: "U8", int2: "U8", int1: "U8" }[rowType],
      // Packed rows are filled up to whole blocks of 16 bytes.
      shape: [content.tokenizer.vocabularySize, rowType === "int8" || rowType === "float32" ? 7 : 16],
    });
    expect(bytesOf("embeddings")).toEqual(new Uint8Array(rows.values.buffer));
    if (rows.type !== "float32") expect(new Float32Array(bytesOf("scales").buffer)).toEqual(rows.scales);
  });

  it("has a checksum for every tensor", () => {
    const checksums = JSON.parse(metadata.checksums!);
    for (const name of Object.keys(tensors)) expect(checksums[name]).toBe(checksumOf(bytesOf(name)));
  });

  it("is the same every time", () => {
    expect(writeArtifact(tinyModelContent({ rowType, dimensions: 7 }))).toEqual(file);
  });

  it("tells what the model is", async () => {
    const { metadata } = await StaticModel.load(file);
    expect(metadata).toMatchObject({
      formatVersion: 2,
      name: "tiny",
      dimensions: 7,
      rows: content.tokenizer.vocabularySize,
      rowType,
      pooling: "mean",
      normalize: true,
      maxLength: 512,
      medianTokenLength: content.tokenizer.medianTokenLength,
      unkTokenId: 1,
      tokenizer: { kind: "wordpiece", lowercase: true, stripAccents: true, continuingSubwordPrefix: "##" },
      provenance: { license: "MIT" },
    });
  });
});

describe("content that does not fit together", () => {
  const content = tinyModelContent();
  it.each([
    ["rows", { ...content, rows: { ...content.rows, values: new Int8Array(3) } }],
    ["scales", { ...content, rows: { ...content.rows, scales: new Float32Array(3) } }],
    [
      "a negative scale",
      {
        ...content,
        rows: { ...content.rows, scales: new Float32Array(content.tokenizer.vocabularySize).fill(-1) },
      },
    ],
    [
      "a scale that is no number",
      {
        ...content,
        rows: {
          ...content.rows,
          scales: new Float32Array(content.tokenizer.vocabularySize).fill(Number.NaN),
        },
      },
    ],
    [
      "a value that is no number",
      {
        ...content,
        rows: {
          type: "float32" as const,
          values: new Float32Array(content.tokenizer.vocabularySize * content.dimensions).fill(Number.NaN),
        },
      },
    ],
    ["dimensions", { ...content, dimensions: 0 }],
    ["a max length", { ...content, maxLength: 0 }],
  ])("is refused: %s", (_, wrong) => {
    expect(() => writeArtifact(wrong as typeof content)).toThrow(NearvecError);
  });
});

describe("the checksum", () => {
  // From the test vectors of the xxHash specification's reference implementation, seed 0.
  it.each([
    ["", "ef46db3751d8e999"],
    ["a", "d24ec4f1a98c6e5b"],
    ["abc", "44bc2cf5ad770999"],
    ["Nobody inspects the spammish repetition", "fbcea83c8a378bf1"],
  ])("is XXH64: %j", (text, expected) => {
    expect(checksumOf(new TextEncoder().encode(text))).toBe(expected);
  });

  it("is that of a whole file too", () => {
    expect(checksumOf(tinyModel())).toMatch(/^[0-9a-f]{16}$/);
    expect(checksumOf(tinyModel())).not.toBe(checksumOf(tinyModel({ name: "other" })));
  });
});
