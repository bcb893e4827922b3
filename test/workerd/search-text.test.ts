/** Terms, chunks and segments come out of workerd as they come out of Node: what one writes the other asks for. */
import { expect, it } from "vitest";
import { filterColumns } from "../../shared/search/filter/filter-columns.ts";
import { parseFilter } from "../../shared/search/filter/parse-filter.ts";
import { readIndexPart } from "../../shared/search/segment/index-part-reader.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { chunksOf } from "../../shared/search/text/chunks.ts";
import { wordsOf } from "../../shared/search/text/terms.ts";

const text = "The horses ran. Cafe\u0301 東京タワー ﾄｳｷｮｳ! สวัสดี 한국어 👩‍👩‍👧‍👦 Привет.";

it("workerd finds the same terms", () => {
  expect(wordsOf(text)).toEqual(
    "horse ran café 東京 京タ タワ ワー トウ ウキ キョ ョウ สวั วัส สดี 한국 국어 привет".split(" "),
  );
});

it("workerd cuts the same chunks", () => {
  const chunks = chunksOf(text, { by: "sentences", maxCharacters: 30, overlapCharacters: 0 });
  expect(chunks.map(({ from, to }) => text.slice(from, to))).toEqual([
    "The horses ran. ",
    "Cafe\u0301 東京タワー ﾄｳｷｮｳ! ",
    "สวัสดี 한국어 👩‍👩‍👧‍👦 Привет.",
  ]);
});

it("workerd writes the same segment", async () => {
  const document = {
    id: "1",
    text,
    metadata: { year: 2020 },
    entries: [{ from: 0, to: text.length, rows: 1 }],
    values: Int8Array.of(1, -2),
    scales: Float32Array.of(0.5),
  };
  const { reference, parts } = await writeSegment([document], { dimensions: 2, fields: { year: "number" } });
  // Written by Node.
  expect(reference.id).toBe("948508480028b1d84737cb51d5535746d8be52103f20fcb28f2ddac49f76ebc9");
  const index = readIndexPart(parts.get(reference.id)!);
  expect([...filterColumns(parseFilter({ year: { $gte: 2020 } }, { year: "number" }), index)]).toEqual([1]);
});
