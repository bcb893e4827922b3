/** NDJSON lines to documents, a batch at a time: a line that is wrong is reported, the rest are written. */
import type { ImportAnswer } from "../../../shared/api/collections/document-answer.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { importBatchBytes, importBatchDocuments, maxImportErrors } from "../../../shared/limits.ts";
import { checkJsonShape } from "../../json-shape.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import type { CollectionHost } from "../collection-host.ts";
import { type Line, linesOf } from "./ndjson-lines.ts";
import { writeDocuments } from "./write-documents.ts";

/**
 * @throws NearvecError `collection_not_found`, `payload_too_large` for a line that is too long, and what storage
 *   throws; what was written before stays, and the same import can be sent again
 */
export async function importDocuments(
  name: string,
  body: ReadableStream<Uint8Array>,
  registry: ModelRegistry,
  host: CollectionHost,
): Promise<ImportAnswer> {
  const answer = { lines: 0, created: 0, updated: 0, unchanged: 0, failed: 0 };
  const errors: ImportAnswer["errors"] = [];
  let batch: { line: Line; item: unknown }[] = [];
  let ids = new Set<string>();
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const sent = batch;
    batch = [];
    ids = new Set();
    bytes = 0;
    const items = sent.map(({ item }) => item);
    const written = await writeDocuments(name, items, () => "", registry, host);
    answer.lines += sent.length;
    written.items.forEach(({ id, status, error }, i) => {
      answer[status === "error" ? "failed" : status]++;
      if (error !== undefined && errors.length < maxImportErrors) {
        errors.push({ line: sent[i]!.line.number, id, error });
      }
    });
  };
  for await (const line of linesOf(body)) {
    const item = parseLine(line.text);
    const id = (item as { id?: unknown } | null)?.id;
    // Of several lines with one id the last counts: they are written one after the other.
    const isRepeated = typeof id === "string" && ids.has(id);
    if (isRepeated || batch.length >= importBatchDocuments || bytes + line.bytes > importBatchBytes) {
      await flush();
    }
    if (typeof id === "string") ids.add(id);
    batch.push({ line, item });
    bytes += line.bytes;
  }
  // An empty import asks whether the collection is there, too.
  if (batch.length > 0 || answer.lines === 0) await flush();
  return { object: "import", ...answer, errors };
}

/** A line's JSON, or the error that it is answered with. */
function parseLine(text: string): unknown {
  try {
    checkJsonShape(text);
    return JSON.parse(text);
  } catch (cause) {
    if (NearvecError.isInstance(cause)) return cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new NearvecError("invalid_json", `Expected the line to be JSON, but ${reason}.`, { cause });
  }
}
