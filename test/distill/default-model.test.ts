import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { defaultModelPath, distillDefaultModel } from "../../distill-job/default-model/default-model.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";

const committed = await readFile(defaultModelPath);

test("models/README.md names the digest of the model beside it", async () => {
  const readme = await readFile(new URL("../../models/README.md", import.meta.url), "utf8");
  expect(readme).toContain(createHash("sha256").update(committed).digest("hex"));
});

test("the committed default model is, byte for byte, what its recipe gives", {
  timeout: 600_000,
}, async () => {
  const { content } = await distillDefaultModel();
  const made = writeArtifact(content);
  // Not toEqual: it would print eight megabytes of difference.
  expect(Buffer.compare(made, committed)).toBe(0);
});
