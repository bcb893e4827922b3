/** Writes a batch of documents: each is checked, embedded if it is new, and answered on its own. */
import { collectionNotFound } from "../../../shared/api/collections/collection-name.ts";
import type { WriteItem } from "../../../shared/api/collections/document-answer.ts";
import { checkDocument, type SentDocument } from "../../../shared/api/collections/document-request.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { maxWriteCallBytes } from "../../../shared/limits.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import { contentHash } from "../../../shared/search/content-hash.ts";
import { encodeDocument } from "../../../shared/search/encode-document.ts";
import type { StaticModel } from "../../../shared/static-model.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionWriter, WriterDescription, WrittenDocument } from "../collection-writer.ts";

export interface WrittenBatch {
  /** One per item, in their order. */
  readonly items: readonly WriteItem[];
  readonly sequence: number;
}

/** An item that is worth writing. */
interface Candidate {
  /** Its place in the batch. */
  readonly place: number;
  readonly document: SentDocument;
  readonly contentHash: string;
}

/** The settings and the count of writes of a collection. @throws NearvecError `collection_not_found` */
export async function describeWriter(
  name: string,
  writer: Pick<CollectionWriter, "describe">,
): Promise<WriterDescription> {
  const description = await writer.describe();
  if (description === null) throw collectionNotFound(name);
  return description;
}

/**
 * @param items Not checked yet; what is an Error is answered as it is.
 * @param pathOf What messages put before the fields of an item.
 * @throws NearvecError `collection_not_found`, `model_not_found`, or what storage throws; never for an item
 */
export async function writeDocuments(
  name: string,
  items: readonly unknown[],
  pathOf: (place: number) => string,
  registry: ModelRegistry,
  host: CollectionHost,
): Promise<WrittenBatch> {
  const writer = host.writer(name);
  const { settings, ...description } = await describeWriter(name, writer);
  const answers: WriteItem[] = new Array(items.length);
  const checked = checkItems(items, pathOf, settings, answers);
  const candidates = await Promise.all(
    checked.map(async ({ place, document }) => ({
      place,
      document,
      contentHash: await contentHash(document, document.vector),
    })),
  );
  const known = await writer.unchanged(
    candidates.map(({ document, contentHash: hash }) => ({ id: document.id, contentHash: hash })),
  );
  const changed = candidates.filter(({ place, document }, i) => {
    if (known[i]) answers[place] = { id: document.id, status: "unchanged" };
    return !known[i];
  });
  let { sequence } = description;
  if (changed.length > 0) {
    const embeds = changed.some(({ document }) => document.vector === null);
    const model = embeds ? (await registry.getPinned(settings.model, host)).model : null;
    for (const batch of encodeBatches(changed, settings, model, pathOf, answers)) {
      const written = await writer.write(batch.map(({ document }) => document));
      sequence = written.sequence;
      batch.forEach(({ place, document }, i) => {
        answers[place] = { id: document.id, status: written.outcomes[i]! };
      });
    }
  }
  return { items: answers, sequence };
}

/** The items that are documents; the others are answered. */
function checkItems(
  items: readonly unknown[],
  pathOf: (place: number) => string,
  settings: CollectionSettings,
  answers: WriteItem[],
): { place: number; document: SentDocument }[] {
  const placeOf = new Map<string, number>();
  return items.flatMap((item, place) => {
    try {
      if (item instanceof Error) throw item;
      const document = checkDocument(item, settings, pathOf(place));
      const earlier = placeOf.get(document.id);
      if (earlier !== undefined) throw duplicate(document.id, pathOf(place), pathOf(earlier));
      placeOf.set(document.id, place);
      return [{ place, document }];
    } catch (error) {
      answers[place] = failedItem(idOf(item), error);
      return [];
    }
  });
}

/** Encodes documents, as many at a time as one call to the writer takes. What cannot be encoded is answered. */
function* encodeBatches(
  candidates: readonly Candidate[],
  settings: CollectionSettings,
  model: StaticModel | null,
  pathOf: (place: number) => string,
  answers: WriteItem[],
): Generator<{ place: number; document: WrittenDocument }[]> {
  let batch: { place: number; document: WrittenDocument }[] = [];
  let bytes = 0;
  for (const { place, document: sent, contentHash: hash } of candidates) {
    let document: WrittenDocument;
    try {
      const { vector, ...source } = sent;
      // A document that brings its vector does without the model.
      const encoded = encodeDocument(model!, vector === null ? source : { ...source, vector }, settings);
      document = { ...encoded, contentHash: hash };
    } catch (error) {
      answers[place] = failedItem(sent.id, error, pathOf(place));
      continue;
    }
    const size = document.values.length + document.scales.length * 4 + document.text.length * 3;
    if (batch.length > 0 && bytes + size > maxWriteCallBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ place, document });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** @throws what is no mistake of the caller's */
function failedItem(id: string | null, error: unknown, path = ""): WriteItem {
  if (!NearvecError.isInstance(error) || error.status >= 500) throw error;
  const { message, code, param } = error;
  return { id, status: "error", error: { message, code, param: param === undefined ? null : path + param } };
}

function duplicate(id: string, path: string, earlier: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected each id once in a batch, got ${JSON.stringify(id.slice(0, 64))} at ${earlier}id already.`,
    { param: `${path}id` },
  );
}

function idOf(item: unknown): string | null {
  const id = (item as { id?: unknown } | null)?.id;
  return typeof id === "string" ? id.slice(0, 512) : null;
}
