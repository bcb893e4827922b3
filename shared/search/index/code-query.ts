/** A query as the kernel scores codes with it. */
import { codeRowBytes, innerLevel, meanSize } from "./code-levels.ts";
import type { Rotation } from "./rotation.ts";
import type { WhiteningTransform } from "./whitening-transform.ts";

export interface CodeQuery {
  /** For every four dimensions what each of their 16 patterns of signs adds, in steps from the least. */
  readonly tables: Uint8Array;
  readonly step: number;
  /** What all the least ones add. */
  readonly base: number;
  /** Rotated, times the inner level, filled up with zeros. */
  readonly elements: Float32Array;
}

const patterns = 16;
const patternDimensions = 4;

/** Of an element of a table: four of them are added in a byte. */
const largestElement = 63;
/** Of the sum of all tables. */
const largestSum = 65_535;

export function codeQuery(
  vector: Float32Array,
  transform: WhiteningTransform,
  rotation: Rotation,
): CodeQuery {
  const { dimensions } = rotation;
  const padded = codeRowBytes(dimensions) * 8;
  const unit = transform.unit(vector, 1, new Float64Array(dimensions));
  rotation.apply(unit);
  const elements = new Float32Array(padded);
  for (let i = 0; i < dimensions; i++) elements[i] = unit[i]! * innerLevel;
  return { ...signTables(unit, padded), elements };
}

/** Tables whose sums are nearly cosines: the mean size of a dimension stands for each. */
function signTables(unit: Float64Array, padded: number): Omit<CodeQuery, "elements"> {
  const { length: dimensions } = unit;
  const tableCount = padded / patternDimensions;
  const size = 1 / (meanSize * Math.sqrt(dimensions));
  let base = 0;
  let widest = 0;
  for (let start = 0; start < dimensions; start += patternDimensions) {
    let sum = 0;
    for (let i = start; i < Math.min(start + patternDimensions, dimensions); i++) sum += Math.abs(unit[i]!);
    base -= sum * size;
    widest = Math.max(widest, 2 * sum * size);
  }
  const most = Math.min(largestElement, Math.floor(largestSum / tableCount));
  const step = widest > 0 ? widest / most : 1;
  const tables = new Uint8Array(tableCount * patterns);
  const above = new Float64Array(patterns);
  for (let table = 0; table < tableCount; table++) {
    const start = table * patternDimensions;
    // The least is where every sign is the other one: a dimension of the same sign adds twice its size.
    above[0] = 0;
    for (let i = start; i < Math.min(start + patternDimensions, dimensions); i++) {
      above[0] += Math.max(0, 2 * unit[i]! * size);
    }
    for (let bit = 0; bit < patternDimensions; bit++) {
      const flipped = 2 * (unit[start + bit] ?? 0) * size;
      for (let pattern = 0; pattern < 1 << bit; pattern++) {
        above[pattern | (1 << bit)] = above[pattern]! - flipped;
      }
    }
    for (let pattern = 0; pattern < patterns; pattern++) {
      tables[table * patterns + pattern] = Math.round(above[pattern]! / step);
    }
  }
  return { tables, step, base };
}
