/** Rows of some candidates out of rows parts, where codes are in memory in place of rows. */
import { maxRescoringBytes, partsReadAtOnce } from "../../../shared/limits.ts";
import type { PartReference, SegmentReference } from "../../../shared/search/collection/manifest.ts";
import type { ReadRows, RowsContent, RowsRequest } from "../../../shared/search/index/index-query.ts";
import { readRowsPart } from "../../../shared/search/segment/rows-part.ts";
import { inParallel } from "./in-parallel.ts";
import type { PartCache, PartSource } from "./part-cache.ts";

/** Some rows of one part, with their places among the rows that were asked for. */
interface PartRows {
  readonly part: PartReference;
  readonly rows: { readonly row: number; readonly place: number }[];
}

/**
 * @param segmentOf The reference of a segment, as of when the search began.
 * @returns a reader that leaves out what would take more than `maxRescoringBytes`: scores of codes are nearly right
 */
export function rowReader(
  segmentOf: (id: string) => SegmentReference,
  dimensions: number,
  cache: PartCache,
  source: PartSource,
): ReadRows {
  return async (requests) => {
    // Looked up before anything is waited for: later another manifest may be shown.
    const wanted = requests.map((request) => partsOfRows(segmentOf(request.segment), request));
    let bytes = 0;
    return Promise.all(
      wanted.map(async (parts, i): Promise<RowsContent | null> => {
        bytes += parts.reduce((sum, { part }) => sum + part.bytes, 0);
        if (bytes > maxRescoringBytes) return null;
        const count = requests[i]!.rows.length;
        const content = { values: new Int8Array(count * dimensions), scales: new Float32Array(count) };
        try {
          await inParallel(parts, partsReadAtOnce, async ({ part, rows }) => {
            const { first, values, scales } = readRowsPart(await cache.read(part, source));
            for (const { row, place } of rows) {
              const start = (row - first) * dimensions;
              content.values.set(values.subarray(start, start + dimensions), place * dimensions);
              content.scales[place] = scales[row - first]!;
            }
          });
          return content;
        } catch (error) {
          console.error({ event: "rows_unreadable", segment: requests[i]!.segment, error: String(error) });
          return null;
        }
      }),
    );
  };
}

/** Parts follow one another without a gap. */
function partsOfRows({ parts }: SegmentReference, { rows }: RowsRequest): PartRows[] {
  const found: PartRows[] = [];
  let end = 0;
  let place = 0;
  for (const part of parts.rows) {
    end += part.count;
    const ofPart: PartRows = { part, rows: [] };
    for (; place < rows.length && rows[place]! < end; place++) ofPart.rows.push({ row: rows[place]!, place });
    if (ofPart.rows.length > 0) found.push(ofPart);
  }
  return found;
}
