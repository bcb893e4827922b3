/** Parts of the paths of collections. */
import { collectionNotFound, isCollectionName } from "../../shared/api/collections/collection-name.ts";
import { checkDocumentId } from "../../shared/api/collections/document-id.ts";
import type { AppContext } from "../environment.ts";

/** The collection that a path names. @throws NearvecError `collection_not_found` if none can have the name */
export function collectionOf(c: AppContext): string {
  const name = c.req.param("collection") ?? "";
  // Such a name never reaches KV or a Durable Object.
  if (!isCollectionName(name)) throw collectionNotFound(name);
  return name;
}

/** The document that a path names: everything behind `documents/`, slashes too. @throws NearvecError `invalid_request` */
export function documentOf(c: AppContext): string {
  // The one id that has a route of its own.
  return checkDocumentId(c.req.param("id") ?? "delete", "id");
}
