/** Tables that are read a piece at a time have the records of those that are read whole. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { delimitedRecords, streamedRecords } from "../../distill-job/corpus/delimited-records.ts";
import type { TextPiece } from "../../distill-job/corpus/utf8-file.ts";

async function* cutAt(content: string, places: readonly number[]): AsyncGenerator<TextPiece> {
  const cuts = [...new Set(places.map((place) => place % (content.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...cuts, content.length]) {
    yield { text: content.slice(from, to), bytes: to };
    from = to;
  }
}

async function streamed(
  content: string,
  places: readonly number[],
  separator: "," | "\t",
): Promise<string[][]> {
  const records: string[][] = [];
  for await (const batch of streamedRecords(cutAt(content, places), separator))
    records.push(...batch.records);
  return records;
}

// Stray quotes and half line ends come up, too.
const content = fc
  .array(fc.constantFrom('"', '""', ",", "\t", "\n", "\r\n", "\r", "a", "b c", "é"), { maxLength: 40 })
  .map((parts) => parts.join(""));

test("wherever the pieces are cut", async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.array(fc.nat(200), { maxLength: 8 }), async (text, places) => {
      for (const separator of [",", "\t"] as const) {
        expect(await streamed(text, places, separator)).toEqual([...delimitedRecords(text, separator)]);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a record is given before the file has ended", async () => {
  async function* endless(): AsyncGenerator<TextPiece> {
    for (let bytes = 0; ; bytes += 9) yield { text: 'a,"b\nc"\n,', bytes };
  }
  const { value } = await streamedRecords(endless(), ",").next();
  expect(value?.records).toEqual([["a", "b\nc"]]);
});
