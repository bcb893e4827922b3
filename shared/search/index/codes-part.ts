/** The part that holds rows in two bits a dimension, for collections whose int8 rows do not fit into memory. */
import type { EncodedDocument } from "../collection/document.ts";
import { jointInverse } from "../ranking/joint-inverse.ts";
import type { Whitening } from "../ranking/whitening.ts";
import { PartFile, writePart } from "../segment/part-file.ts";
import { codeRowBytes, innerLevel, levelCut, outerLevel, signBlockRows } from "./code-levels.ts";
import { Rotation } from "./rotation.ts";
import { WhiteningTransform } from "./whitening-transform.ts";

/** Of the rotation, where the writer has no wish: any will do. */
const defaultSeed = 1;

export interface CodesPart {
  readonly part: PartFile;
  readonly count: number;
  readonly dimensions: number;
  readonly seed: number;
  readonly whitening: Whitening;
  /** blocks x row bytes x 32 */
  readonly signs: Uint8Array;
  /** rows x row bytes */
  readonly outer: Uint8Array;
  readonly scales: Float32Array;
  /** One per row; null where every entry has one row, and where they were not yet written. */
  readonly jointInverses: Float32Array | null;
}

/**
 * Writes the codes of documents, which `writeSegment` hands over in its order.
 *
 * @param whitening of the collection or of these documents: about the same; null to leave dimensions as they are
 *
 * @example
 * ```ts
 * await writeSegment(documents, settings, { writeCodes: (sorted) => writeCodesPart(sorted, 256, whitening) });
 * ```
 */
export function writeCodesPart(
  documents: readonly Pick<EncodedDocument, "entries" | "values" | "scales">[],
  dimensions: number,
  whitening: Whitening | null,
  seed = defaultSeed,
): Uint8Array {
  const rowBytes = codeRowBytes(dimensions);
  const count = documents.reduce((sum, { scales }) => sum + scales.length, 0);
  const signs = new Uint8Array(Math.ceil(count / signBlockRows) * rowBytes * signBlockRows);
  const outer = new Uint8Array(count * rowBytes);
  const codeScales = new Float32Array(count);
  const rotation = new Rotation(dimensions, seed);
  const transform = new WhiteningTransform(whitening, dimensions);
  const jointInverses = jointInversesOf(documents, transform, count);
  const unit = new Float64Array(dimensions);
  const spread = 1 / Math.sqrt(dimensions);
  let row = 0;
  for (const { values, scales } of documents) {
    for (let i = 0; i < scales.length; i++) {
      const start = i * dimensions;
      transform.unit(values.subarray(start, start + dimensions), scales[i]!, unit);
      rotation.apply(unit);
      const firstSign = Math.floor(row / signBlockRows) * rowBytes * signBlockRows + (row % signBlockRows);
      let product = 0;
      for (let d = 0; d < dimensions; d++) {
        const value = unit[d]!;
        const size = Math.abs(value);
        const bit = 1 << (d & 7);
        if (value < 0) signs[firstSign + (d >> 3) * signBlockRows]! |= bit;
        if (size > levelCut * spread) {
          outer[row * rowBytes + (d >> 3)]! |= bit;
          product += size * outerLevel;
        } else {
          product += size * innerLevel;
        }
      }
      // So that a vector's cosine with itself is 1, and with others right on average: a scale of least squares
      // would make all cosines too small, and those of badly coded vectors most.
      codeScales[row++] = product > 0 ? 1 / product : 0;
    }
  }
  const { mean, deviation } = whitening ?? unchanged(dimensions);
  return writePart("codes", { dimensions: `${dimensions}`, rotation: `${seed}` }, [
    { name: "mean", type: "F32", data: mean },
    { name: "deviation", type: "F32", data: deviation },
    { name: "code_scales", type: "F32", data: codeScales },
    ...(jointInverses === null
      ? []
      : [{ name: "joint_inverses", type: "F32", data: jointInverses } as const]),
    { name: "signs", type: "U8", data: signs, shape: [signs.length / (rowBytes * 32), rowBytes, 32] },
    { name: "outer", type: "U8", data: outer, shape: [count, rowBytes] },
  ]);
}

/** @throws NearvecError artifact_invalid if it is no codes part, artifact_corrupt if it contradicts itself */
export function readCodesPart(bytes: Uint8Array): CodesPart {
  const part = new PartFile("codes", bytes);
  const dimensions = part.count("dimensions");
  if (dimensions < 1) throw part.corrupt("at least 1 dimension", `${dimensions}`);
  const rowBytes = codeRowBytes(dimensions);
  const scales = part.tensor("code_scales", "F32");
  const count = scales.length;
  const mean = part.tensor("mean", "F32", dimensions);
  const deviation = part.tensor("deviation", "F32", dimensions);
  const jointInverses = part.has("joint_inverses") ? part.tensor("joint_inverses", "F32", count) : null;
  const numbers = { mean, deviation, code_scales: scales, joint_inverses: jointInverses ?? [] };
  for (const [name, values] of Object.entries(numbers)) {
    const wrong = values.findIndex((value: number) => !Number.isFinite(value));
    if (wrong >= 0) throw part.corrupt(`finite numbers in tensor ${name}`, `${values[wrong]} at ${wrong}`);
  }
  const blocks = Math.ceil(count / signBlockRows);
  return {
    part,
    count,
    dimensions,
    seed: part.count("rotation"),
    whitening: { mean, deviation },
    signs: part.tensor("signs", "U8", blocks * rowBytes * signBlockRows),
    outer: part.tensor("outer", "U8", count * rowBytes),
    scales,
    jointInverses,
  };
}

/** What windows are scored with, of vectors before they are coded; null where every entry has one row. */
function jointInversesOf(
  documents: readonly Pick<EncodedDocument, "entries" | "values" | "scales">[],
  transform: WhiteningTransform,
  count: number,
): Float32Array | null {
  if (documents.every(({ entries }) => entries.every(({ rows }) => rows === 1))) return null;
  const { length: dimensions } = transform.factors;
  const inverses = new Float32Array(count);
  const [first, unit] = [new Float64Array(dimensions), new Float64Array(dimensions)];
  let written = 0;
  for (const { entries, values, scales } of documents) {
    let row = 0;
    for (const { rows } of entries) {
      for (let i = 0; i < rows; i++, row++) {
        const target = i === 0 ? first : unit;
        transform.unit(values.subarray(row * dimensions, (row + 1) * dimensions), scales[row]!, target);
        inverses[written++] = jointInverse(first, target);
      }
    }
  }
  return inverses;
}

function unchanged(dimensions: number): Whitening {
  return { mean: new Float32Array(dimensions), deviation: new Float32Array(dimensions).fill(1) };
}
