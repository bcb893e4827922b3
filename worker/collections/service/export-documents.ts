/** All documents of a collection as NDJSON, a page at a time: what an import takes. */
import { maxPageSize } from "../../../shared/limits.ts";
import type { CollectionWriter } from "../collection-writer.ts";

/** Yields lines in the order of their ids, as UTF-8. */
export function exportDocuments(
  writer: Pick<CollectionWriter, "list">,
  prefix: string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after: string | null = null;
  return new ReadableStream<Uint8Array>({
    // Called when there is room: a slow client holds no more than a page.
    async pull(controller) {
      const page = await writer.list({ prefix, after, limit: maxPageSize });
      const lines = page.map(({ id, text, metadata }) => `${JSON.stringify({ id, text, metadata })}\n`);
      if (lines.length > 0) controller.enqueue(encoder.encode(lines.join("")));
      if (page.length < maxPageSize) controller.close();
      else after = page.at(-1)!.id;
    },
  });
}
