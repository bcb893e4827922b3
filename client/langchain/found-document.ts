/** What a search finds, as LangChain's documents. */
import { Document } from "@langchain/core/documents";
import type { SearchResult } from "../http/index.ts";

/** Which part of a found document its page content is. */
export type FoundContent = "document" | "passage";

/** @param content `passage`: of a document that the collection cut into chunks, the one that was found. */
export function foundDocument(
  { id, text = "", metadata = {}, entry }: SearchResult,
  content: FoundContent,
): Document {
  const pageContent = content === "passage" ? text.slice(...entry.range) : text;
  return new Document({ id, pageContent, metadata });
}
