/** .npy and .safetensors are what numpy and safetensors read: golden/python.json has the digests and the numbers. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type NumberType, toNumberType } from "../../shared/embedding/number-types.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { embeddedFiles, embeddedTexts } from "./golden/embedded-files.ts";
import { runNearvec, temporaryFolder } from "./run-nearvec.ts";

interface GoldenFile {
  readonly sha256: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly metadata: Record<string, string> | null;
  readonly rows: readonly (readonly number[])[];
}
const { files }: { files: Record<string, GoldenFile> } = JSON.parse(
  await readFile(new URL("golden/python.json", import.meta.url), "utf8"),
);

let folder: string;
let path: string;
let model: StaticModel;
beforeAll(async () => {
  folder = await temporaryFolder();
  path = join(folder, "tiny");
  await writeFile(path, tinyModel());
  model = await StaticModel.load(tinyModel());
});

test.each(Object.entries(embeddedFiles))(
  "%s is the file that Python read, with these vectors",
  async (name, options) => {
    const golden = files[name]!;
    const output = join(folder, name);
    const { code, stderr } = await runNearvec(["embed", "--model", path, "-o", output, ...options], {
      stdin: embeddedTexts.join("\n"),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(
      createHash("sha256")
        .update(await readFile(output))
        .digest("hex"),
    ).toBe(golden.sha256);

    const dims = options.indexOf("--dims");
    const dimensions = dims < 0 ? 8 : Number(options[dims + 1]);
    const type =
      (["int8", "uint8", "binary", "ubinary"] as const).find((each) => options.includes(each)) ?? "float";
    const vectors = model.encode(embeddedTexts, {
      dimensions,
      normalize: !options.includes("--no-normalize"),
    });
    expect(golden.rows).toEqual(vectors.map((vector) => [...toNumberType(vector, type)]));
    expect(golden.shape).toEqual([embeddedTexts.length, golden.rows[0]!.length]);
    const dtypes: Record<NumberType, string> = {
      ...{ float: "float32", int8: "int8", uint8: "uint8", binary: "int8", ubinary: "uint8" },
    };
    expect(golden.dtype).toBe(dtypes[type]);
    if (golden.metadata !== null) {
      expect(golden.metadata).toEqual({ model: "tiny", dimensions: String(dimensions), type });
    }
  },
);
