/** Digests of vectors, bit by bit: the same in Node, in workerd, and in the golden file. */
import { checksumOf } from "../../shared/kernel/checksum.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { tinyModel } from "../support/tiny-model.ts";
import { handWrittenTexts, randomTexts } from "./texts.ts";

/** One digest per kind of rows and text, of the vectors with and without normalization, whole and cut. */
export async function encodeDigests(): Promise<Record<string, string[]>> {
  const texts = [
    ...handWrittenTexts,
    ...randomTexts(200, 5),
    "the horse is running in the rain! ".repeat(40),
  ];
  const digests: Record<string, string[]> = {};
  const kinds = [
    { rowType: "int8" },
    { rowType: "float32" },
    { rowType: "int8", mapped: true },
    { rowType: "float32", mapped: true },
  ] as const;
  for (const kind of kinds) {
    const model = await StaticModel.load(tinyModel({ ...kind, dimensions: 100 }));
    digests["mapped" in kind ? `${kind.rowType}, shared` : kind.rowType] = texts.map((text) => {
      const vectors = [
        model.encode(text),
        model.encode(text, { normalize: false }),
        model.encode(text, { dimensions: 33 }),
        ...model.encodeAsSequence(text),
      ];
      const bytes = vectors.flatMap((vector) => [...new Uint8Array(vector.slice().buffer)]);
      return checksumOf(Uint8Array.from(bytes));
    });
  }
  return digests;
}
