/** Removes documents by their ids, by a filter, or all of them. */
import type { DeleteRequest } from "../../../shared/api/collections/delete-request.ts";
import { checkDocumentId } from "../../../shared/api/collections/document-id.ts";
import { NearvecError } from "../../../shared/errors.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import { parseFilter } from "../../../shared/search/filter/parse-filter.ts";
import type { FilterExpression } from "../../../shared/search/filter-expression.ts";
import type { CollectionHost } from "../collection-host.ts";
import { describeWriter } from "./write-documents.ts";

/** @throws NearvecError `collection_not_found`, `invalid_request` */
export async function removeDocuments(
  name: string,
  { ids, filter }: DeleteRequest,
  host: CollectionHost,
): Promise<{ deleted: number; sequence: number }> {
  const writer = host.writer(name);
  const { settings } = await describeWriter(name, writer);
  const remove = () => {
    if (ids !== undefined) return writer.remove(ids.map((id, i) => checkDocumentId(id, `ids[${i}]`)));
    if (filter !== undefined) return writer.removeMatching(checkFilter(filter, settings.fields));
    return writer.removeAll();
  };
  const { removed, sequence } = await remove();
  return { deleted: removed, sequence };
}

/** A filter that every document passes is more likely a mistake than a wish. */
function checkFilter(filter: unknown, fields: CollectionSettings["fields"]): FilterExpression {
  const compiled = parseFilter(filter, fields);
  if (compiled.kind === "and" && compiled.filters.length === 0) {
    throw new NearvecError(
      "invalid_request",
      'Expected filter to have at least one condition, got none. Send {"all": true} to delete all documents.',
      { param: "filter" },
    );
  }
  return filter as FilterExpression;
}
