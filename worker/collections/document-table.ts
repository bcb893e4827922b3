/** All documents of a collection with their vectors, and where in the published segments each is. */
import type { EncodedDocument, Entry, Metadata } from "../../shared/search/collection/document.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import type { DocumentPage, StoredDocument, WrittenDocument } from "./collection-writer.ts";
import type { Place } from "./segment-table.ts";
import { VectorTable } from "./vector-table.ts";

/** A document's row, without its text and vectors. */
export interface DocumentRow {
  readonly number: number;
  readonly id: string;
  readonly sequence: number;
  readonly contentHash: string;
  /** Where its newest published version is; null if there is none. */
  readonly place: Place | null;
}

/** What a segment is planned by. */
export interface DocumentSize {
  readonly number: number;
  readonly id: string;
  readonly bytes: number;
}

type RowColumns = {
  number: number;
  id: string;
  sequence: number;
  content_hash: string;
  segment: number | null;
  ordinal: number | null;
  placed_entries: number;
  placed_rows: number;
  placed_words: number;
};

type SizeColumns = { number: number; id: string; bytes: number };

type StoredColumns = {
  id: string;
  text: string;
  metadata: string;
  updated_at: number;
  published: number;
};

const rowColumns =
  "number, id, sequence, content_hash, segment, ordinal, placed_entries, placed_rows, placed_words";
const selectStored =
  "SELECT id, text, metadata, updated_at, fresh_since IS NULL AS published FROM documents JOIN contents USING (number)";

const encoder = new TextEncoder();

export class DocumentTable {
  readonly #sql: SqlStorage;
  readonly vectors: VectorTable;

  constructor(sql: SqlStorage, dimensions: number) {
    this.#sql = sql;
    this.vectors = new VectorTable(sql, dimensions);
  }

  find(id: string): DocumentRow | null {
    return this.#row(`SELECT ${rowColumns} FROM documents WHERE id = ?`, id);
  }

  at(number: number): DocumentRow | null {
    return this.#row(`SELECT ${rowColumns} FROM documents WHERE number = ?`, number);
  }

  insert(number: number, document: WrittenDocument, sequence: number, now: number): void {
    const bytes = this.#putContent(number, document);
    this.#sql.exec(
      "INSERT INTO documents (number, id, sequence, fresh_since, content_hash, updated_at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[number, document.id, sequence, sequence, document.contentHash, now, bytes],
    );
  }

  /** Puts a newer version in the place of an older one. */
  replace(number: number, document: WrittenDocument, sequence: number, now: number): void {
    this.#removeContent(number);
    const bytes = this.#putContent(number, document);
    this.#sql.exec(
      `UPDATE documents SET sequence = ?, fresh_since = coalesce(fresh_since, ?), content_hash = ?, updated_at = ?,
       bytes = ? WHERE number = ?`,
      ...[sequence, sequence, document.contentHash, now, bytes, number],
    );
  }

  /** Another metadata for the same text and vectors. */
  replaceMetadata(
    number: number,
    metadata: string,
    contentHash: string,
    sequence: number,
    now: number,
  ): void {
    this.#sql.exec("UPDATE contents SET metadata = ? WHERE number = ?", metadata, number);
    this.#sql.exec(
      `UPDATE documents SET sequence = ?, fresh_since = coalesce(fresh_since, ?), content_hash = ?, updated_at = ?
       WHERE number = ?`,
      ...[sequence, sequence, contentHash, now, number],
    );
  }

  remove(number: number): void {
    this.#removeContent(number);
    this.#sql.exec("DELETE FROM documents WHERE number = ?", number);
  }

  removeAll(): void {
    for (const table of ["documents", "contents", "vectors"]) this.#sql.exec(`DELETE FROM ${table}`);
  }

  /**
   * Notes where a version is published.
   *
   * @param freshSince the first write that is newer; null if there is none
   */
  place(number: number, freshSince: number | null, place: Place): void {
    this.#sql.exec(
      `UPDATE documents SET fresh_since = ?, segment = ?, ordinal = ?, placed_entries = ?, placed_rows = ?,
       placed_words = ? WHERE number = ?`,
      ...[freshSince, place.segment, place.ordinal, place.entries, place.rows, place.words, number],
    );
  }

  read(id: string): StoredDocument | null {
    const [row] = this.#sql.exec<StoredColumns>(`${selectStored} WHERE id = ?`, id).toArray();
    return row === undefined ? null : storedDocument(row);
  }

  /** In the order of the ids' UTF-8 bytes, which is SQLite's. */
  page({ prefix, after, limit }: DocumentPage): StoredDocument[] {
    const from = after === null || compareCodePoints(after, prefix) < 0 ? prefix : after;
    const found: StoredDocument[] = [];
    for (const row of this.#sql.exec<StoredColumns>(`${selectStored} WHERE id >= ? ORDER BY id`, from)) {
      // Ids with a prefix are neighbours; those before it, and the one to continue after, come first.
      if (row.id === after) continue;
      if (found.length >= limit || !row.id.startsWith(prefix)) break;
      found.push(storedDocument(row));
    }
    return found;
  }

  /** Numbers and metadata of documents after a number, to look through all of them step by step. */
  metadataAfter(number: number, limit: number): { readonly number: number; readonly metadata: Metadata }[] {
    return this.#sql
      .exec<{ number: number; metadata: string }>(
        "SELECT number, metadata FROM contents WHERE number > ? ORDER BY number LIMIT ?",
        number,
        limit,
      )
      .toArray()
      .map((row) => ({ number: row.number, metadata: JSON.parse(row.metadata) as Metadata }));
  }

  metadata(number: number): Metadata {
    const query = "SELECT metadata FROM contents WHERE number = ?";
    return JSON.parse(this.#sql.exec<{ metadata: string }>(query, number).one().metadata) as Metadata;
  }

  entries(number: number): readonly Entry[] {
    const query = "SELECT entries FROM contents WHERE number = ?";
    return parseEntries(this.#sql.exec<{ entries: string }>(query, number).one().entries);
  }

  /** Has a document published once more: not all that is outside may be this version's. */
  refresh(id: string, sequence: number): void {
    this.#sql.exec(
      "UPDATE documents SET fresh_since = coalesce(fresh_since, ?) WHERE id = ?",
      ...[sequence, id],
    );
  }

  /** A document as segments are made of it, its sequence, and whether it is fresh; null if it has been removed. */
  encoded(
    number: number,
  ): { readonly document: EncodedDocument; readonly sequence: number; readonly fresh: boolean } | null {
    const [row] = this.#sql
      .exec<{ id: string; sequence: number; fresh: number; text: string; metadata: string; entries: string }>(
        `SELECT id, sequence, fresh_since IS NOT NULL AS fresh, text, metadata, entries
         FROM documents JOIN contents USING (number) WHERE number = ?`,
        number,
      )
      .toArray();
    if (row === undefined) return null;
    const { id, text } = row;
    return {
      sequence: row.sequence,
      fresh: row.fresh === 1,
      document: {
        ...{ id, text, metadata: JSON.parse(row.metadata) as Metadata },
        entries: parseEntries(row.entries),
        ...this.vectors.get(number),
      },
    };
  }

  /** Documents whose newest version is in no segment, those first that have been longest, as many as the sizes allow. */
  fresh(maxDocuments: number, maxBytes: number): DocumentSize[] {
    const found: DocumentSize[] = [];
    let bytes = 0;
    const query =
      "SELECT number, id, bytes FROM documents WHERE fresh_since IS NOT NULL ORDER BY fresh_since, number";
    for (const { number, id, bytes: size } of this.#sql.exec<SizeColumns>(query)) {
      bytes += size;
      if (found.length > 0 && (found.length >= maxDocuments || bytes > maxBytes)) break;
      found.push({ number, id, bytes: size });
    }
    return found;
  }

  freshTotals(): { readonly documents: number; readonly bytes: number } {
    return this.#sql
      .exec<{ documents: number; bytes: number }>(
        "SELECT count(*) AS documents, coalesce(sum(bytes), 0) AS bytes FROM documents WHERE fresh_since IS NOT NULL",
      )
      .one();
  }

  /** The oldest write that is in no segment; null if there is none. */
  firstFresh(): number | null {
    return this.#sql
      .exec<{ first: number | null }>(
        "SELECT min(fresh_since) AS first FROM documents WHERE fresh_since IS NOT NULL",
      )
      .one().first;
  }

  /** Places of published versions that newer ones are to replace. */
  outdatedPlaces(): { readonly segment: number; readonly ordinal: number }[] {
    return this.#sql
      .exec<{ segment: number; ordinal: number }>(
        "SELECT segment, ordinal FROM documents WHERE fresh_since IS NOT NULL AND segment IS NOT NULL",
      )
      .toArray();
  }

  /** Documents whose newest published version is in a segment. */
  inSegment(segment: number): DocumentSize[] {
    return this.#sql
      .exec<SizeColumns>("SELECT number, id, bytes FROM documents WHERE segment = ?", segment)
      .toArray();
  }

  #row(query: string, key: string | number): DocumentRow | null {
    const [row] = this.#sql.exec<RowColumns>(query, key).toArray();
    if (row === undefined) return null;
    const { number, id, sequence, content_hash: contentHash } = row;
    const place =
      row.segment === null
        ? null
        : {
            ...{ segment: row.segment, ordinal: row.ordinal! },
            ...{ entries: row.placed_entries, rows: row.placed_rows, words: row.placed_words },
          };
    return { number, id, sequence, contentHash, place };
  }

  /** @returns about how many bytes the document adds to a segment */
  #putContent(number: number, { text, metadata, entries, values, scales }: WrittenDocument): number {
    const metadataText = JSON.stringify(metadata);
    const entriesText = JSON.stringify(entries.map(({ from, to, rows }) => [from, to, rows]));
    this.#sql.exec("INSERT INTO contents VALUES (?, ?, ?, ?)", number, text, metadataText, entriesText);
    this.vectors.put(number, { values, scales });
    const textBytes = encoder.encode(text).length + encoder.encode(metadataText).length;
    return textBytes + entriesText.length + values.byteLength + scales.byteLength;
  }

  #removeContent(number: number): void {
    this.#sql.exec("DELETE FROM contents WHERE number = ?", number);
    this.vectors.remove(number);
  }
}

function storedDocument({ id, text, metadata, updated_at, published }: StoredColumns): StoredDocument {
  return {
    ...{ id, text, metadata: JSON.parse(metadata) as Metadata },
    ...{ updatedAt: updated_at, published: published === 1 },
  };
}

function parseEntries(text: string): Entry[] {
  return (JSON.parse(text) as [number, number, number][]).map(([from, to, rows]) => ({ from, to, rows }));
}
