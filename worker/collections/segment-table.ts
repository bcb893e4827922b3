/** The published segments, which of their documents are dead, and which parts they need. */
import type { SegmentReference } from "../../shared/search/collection/manifest.ts";
import { partsOf } from "../../shared/search/collection/segment-parts.ts";
import { encodeOrdinals } from "../../shared/search/segment/ordinals.ts";

/** Where a version of a document is, and what it counts for there. */
export interface Place {
  readonly segment: number;
  readonly ordinal: number;
  readonly entries: number;
  readonly rows: number;
  readonly words: number;
}

/** What the merge policy looks at. */
export interface SegmentSize {
  readonly number: number;
  readonly documents: number;
  readonly liveDocuments: number;
  /** About, of the documents that are alive. */
  readonly liveBytes: number;
}

export interface LiveCounts {
  readonly documents: number;
  readonly entries: number;
  readonly rows: number;
  readonly words: number;
}

export class SegmentTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** @param bytes of the documents in it, as they are counted in their table */
  insert(reference: SegmentReference, bytes: number): number {
    const { documents, entries, rows, words } = reference;
    const { number } = this.#sql
      .exec<{ number: number }>(
        `INSERT INTO segments (reference, documents, bytes, live_documents, live_entries, live_rows, live_words)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number`,
        ...[JSON.stringify(reference), documents, bytes, documents, entries, rows, words],
      )
      .one();
    for (const { sha256 } of partsOf(reference)) {
      this.#sql.exec("INSERT OR IGNORE INTO segment_parts VALUES (?, ?)", number, sha256);
    }
    return number;
  }

  /** Declares a document of a segment dead. */
  kill({ segment, ordinal, entries, rows, words }: Place): void {
    this.#sql.exec("INSERT INTO deletions (segment, ordinal) VALUES (?, ?)", segment, ordinal);
    this.#sql.exec(
      `UPDATE segments SET live_documents = live_documents - 1, live_entries = live_entries - ?,
       live_rows = live_rows - ?, live_words = live_words - ? WHERE number = ?`,
      ...[entries, rows, words, segment],
    );
  }

  /** Takes a segment out; its parts stay for the readers of older manifests. */
  remove(number: number): void {
    this.#sql.exec("DELETE FROM segments WHERE number = ?", number);
    this.#sql.exec("DELETE FROM deletions WHERE segment = ?", number);
    this.#sql.exec("DELETE FROM segment_parts WHERE segment = ?", number);
  }

  removeAll(): void {
    for (const table of ["segments", "deletions", "segment_parts"]) this.#sql.exec(`DELETE FROM ${table}`);
  }

  sizes(): SegmentSize[] {
    return this.#sql
      .exec<{ number: number; documents: number; bytes: number; live_documents: number }>(
        "SELECT number, documents, bytes, live_documents FROM segments ORDER BY number",
      )
      .toArray()
      .map(({ number, documents, bytes, live_documents: liveDocuments }) => ({
        ...{ number, documents, liveDocuments },
        liveBytes: Math.ceil((bytes * liveDocuments) / documents),
      }));
  }

  /** Those of which nothing is alive. */
  dead(): number[] {
    return this.#numbers("SELECT number FROM segments WHERE live_documents = 0");
  }

  /** Declares that the next manifest has all deletions so far, and prints them for it. */
  publishDeletions(): void {
    for (const segment of this.#numbers(
      "SELECT DISTINCT segment AS number FROM deletions WHERE published = 0",
    )) {
      const ordinals = this.#numbers(
        "SELECT ordinal AS number FROM deletions WHERE segment = ? ORDER BY ordinal",
        segment,
      );
      this.#sql.exec("UPDATE segments SET deleted = ? WHERE number = ?", encodeOrdinals(ordinals), segment);
      this.#sql.exec("UPDATE deletions SET published = 1 WHERE segment = ? AND published = 0", segment);
    }
  }

  /** Deletions that are in no manifest. */
  unpublishedDeletions(): { readonly segment: number; readonly ordinal: number }[] {
    return this.#sql
      .exec<{ segment: number; ordinal: number }>(
        "SELECT segment, ordinal FROM deletions WHERE published = 0",
      )
      .toArray();
  }

  /** As a manifest has them, in the order in which they were made. */
  references(): SegmentReference[] {
    return this.#sql
      .exec<{ reference: string; deleted: string }>("SELECT reference, deleted FROM segments ORDER BY number")
      .toArray()
      .map(({ reference, deleted }) => ({ ...(JSON.parse(reference) as SegmentReference), deleted }));
  }

  /** What a segment is called in manifests. */
  idOf(number: number): string {
    const query = "SELECT reference FROM segments WHERE number = ?";
    const { reference } = this.#sql.exec<{ reference: string }>(query, number).one();
    return (JSON.parse(reference) as SegmentReference).id;
  }

  live(): LiveCounts {
    return this.#sql
      .exec<{ documents: number; entries: number; rows: number; words: number }>(
        `SELECT coalesce(sum(live_documents), 0) AS documents, coalesce(sum(live_entries), 0) AS entries,
         coalesce(sum(live_rows), 0) AS rows, coalesce(sum(live_words), 0) AS words FROM segments`,
      )
      .one();
  }

  #numbers(query: string, ...bindings: number[]): number[] {
    return this.#sql
      .exec<{ number: number }>(query, ...bindings)
      .toArray()
      .map(({ number }) => number);
  }
}
