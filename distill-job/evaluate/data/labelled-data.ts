/** Texts with a label each. */
import { NearvecError } from "../../../shared/errors.ts";
import { readRecords, textField } from "./read-records.ts";

export interface LabelledTexts {
  readonly texts: readonly string[];
  /** Number of each text's label, from 0 on. */
  readonly labels: Int32Array;
  /** What the labels are called. */
  readonly names: readonly string[];
}

/**
 * Reads .csv with a header or .jsonl with the fields text and label (or category), as MTEB and Banking77
 * have them.
 *
 * @param names labels of another split, so that numbers mean the same
 * @throws NearvecError not_found, invalid_request
 */
export async function readLabelledTexts(path: string, names: readonly string[] = []): Promise<LabelledTexts> {
  const records = await readRecords(path);
  const numbers = new Map(names.map((name, i) => [name, i]));
  const labels = Int32Array.from(records, (record) => {
    const name = textField(record, ["label_text", "label", "category"], path);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  if (numbers.size < 2) {
    throw new NearvecError(
      "invalid_request",
      `Expected texts with at least two different labels in ${path}, got ${records.length} texts with ${numbers.size}.`,
      { param: "data" },
    );
  }
  return {
    texts: records.map((record) => textField(record, ["text"], path)),
    labels,
    names: [...numbers.keys()],
  };
}
