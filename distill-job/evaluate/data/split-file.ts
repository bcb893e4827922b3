/** The file of a split: test.csv or test.jsonl. */
import { readdir } from "node:fs/promises";
import { NearvecError } from "../../../shared/errors.ts";

/** @throws NearvecError not_found */
export async function findSplitFile(folder: string, split: string): Promise<string> {
  const files = await readdir(folder);
  const file = [`${split}.csv`, `${split}.jsonl`].find((name) => files.includes(name));
  if (file !== undefined) return file;
  throw new NearvecError(
    "not_found",
    `Expected ${split}.csv or ${split}.jsonl in ${folder}, there is none.`,
    {
      param: "data",
    },
  );
}
