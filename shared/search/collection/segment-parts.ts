/** The parts of a segment in one order, for whoever stores, sends or deletes all of them. */
import type { PartReference, SegmentReference } from "./manifest.ts";

/** Index, rows, codes, documents. */
export function partsOf({ parts }: Pick<SegmentReference, "parts">): readonly PartReference[] {
  return [parts.index, ...parts.rows, ...(parts.codes === null ? [] : [parts.codes]), ...parts.documents];
}
