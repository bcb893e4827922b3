/** All documents of a collection as NDJSON, a page at a time: what an import takes. */
import { maxPageSize } from "../../../shared/limits.ts";
import { AnswerText } from "../../embedding/answer-text.ts";
import { printWithVector } from "../../embedding/print-vector.ts";
import type { CollectionWriter, StoredDocument } from "../collection-writer.ts";

/**
 * Lines in the order of their ids, as UTF-8.
 *
 * @param vectors Of which documents: of those without a text, which nothing else is known of, or of all.
 */
export function exportDocuments(
  writer: Pick<CollectionWriter, "list" | "readVectors">,
  prefix: string,
  vectors: "needed" | "all",
): ReadableStream<Uint8Array> {
  let after: string | null = null;
  return new ReadableStream<Uint8Array>({
    // Called when there is room: a slow client holds no more than a page.
    async pull(controller) {
      const page = await writer.list({ prefix, after, limit: maxPageSize });
      const lines = await printLines(page, writer, vectors);
      if (lines.length > 0) controller.enqueue(lines);
      if (page.length < maxPageSize) controller.close();
      else after = page.at(-1)!.id;
    },
  });
}

async function printLines(
  page: readonly StoredDocument[],
  writer: Pick<CollectionWriter, "readVectors">,
  vectors: "needed" | "all",
): Promise<Uint8Array> {
  const ids = page.filter(({ text }) => vectors === "all" || text === "").map(({ id }) => id);
  const read = ids.length === 0 ? [] : await writer.readVectors(ids);
  const vectorOf = new Map(ids.map((id, i) => [id, read[i]]));
  const lines = new AnswerText();
  for (const { id, text, metadata } of page) {
    printWithVector({ id, text, metadata }, vectorOf.get(id), lines);
    lines.add("\n");
  }
  // A stream keeps what it is given until it is read.
  return lines.finish().slice();
}
