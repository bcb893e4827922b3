/** A resident index answers in workerd what it answers in Node, to the bit. */
import { expect, it } from "vitest";
import { writeCodesPart } from "../../shared/search/index/codes-part.ts";
import { SearchIndex } from "../../shared/search/index/search-index.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { addSegments, randomCollection, randomVector } from "../search/random-collection.ts";

const shape = { seed: 11, dimensions: 32, segments: [60, 40], several: true, deletedShare: 0.2 };

it("by rows and words", async () => {
  const collection = await randomCollection(shape);
  const index = new SearchIndex({ dimensions: 32 });
  addSegments(index, collection);
  index.setWhitening(collection.whitening);
  const vector = randomVector(32, collection.random);
  const { hits } = await index.search({ mode: "hybrid", vector, terms: ["rain", "東京"], limit: 3 });
  // As Node has it.
  expect(hits.map(({ id, score }) => [id, score])).toEqual(expectedOfRows);
});

it("by codes", async () => {
  const { alive, whitening, random } = await randomCollection({ ...shape, several: false });
  const { reference, parts } = await writeSegment(
    alive,
    { dimensions: 32, fields: {} },
    { writeCodes: (documents) => writeCodesPart(documents, 32, whitening) },
  );
  const [indexPart, codes] = [reference.parts.index, reference.parts.codes!].map(
    ({ sha256 }) => parts.get(sha256)!,
  );
  const index = new SearchIndex({ dimensions: 32 });
  index.addSegment(reference, { index: indexPart!, codes: codes! });
  const { hits } = await index.search({ mode: "vector", vector: randomVector(32, random), limit: 3 });
  // As Node has it.
  expect(hits.map(({ id, score }) => [id, score])).toEqual(expectedOfCodes);
});

const expectedOfRows = [
  ["é64", 0.9183051586151123],
  ["é5", 0.8361008167266846],
  ["é40", 0.8085517883300781],
];
const expectedOfCodes = [
  ["a24", 0.4259028136730194],
  ["\uffee4", 0.4259028136730194],
  ["Z75", 0.32244259119033813],
];
