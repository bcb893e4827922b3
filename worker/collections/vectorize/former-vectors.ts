/** Which vectors Vectorize may have beyond those of the documents that are there: they are yet to be deleted. */
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";

/** What may be left of a document's former versions. */
export interface FormerVectors {
  readonly id: string;
  /** Entries that the document has now; 0 if it is gone. */
  readonly present: number;
  /** Entries at most that it ever had since its vectors were last known. */
  readonly entries: number;
  /** The write that noted this last. */
  readonly sequence: number;
}

const unlessMore =
  "ON CONFLICT (id) DO UPDATE SET entries = max(entries, excluded.entries), sequence = excluded.sequence";
const insertFromDocuments = `INSERT INTO former_vectors
  SELECT id, json_array_length(entries), ? FROM documents JOIN contents USING (number) WHERE`;

/** Stays empty unless the collection's backend is Vectorize. */
export class FormerVectorTable {
  readonly #sql: SqlStorage;
  readonly #isUsed: boolean;

  constructor(sql: SqlStorage, { backend }: CollectionSettings) {
    this.#sql = sql;
    this.#isUsed = backend === "vectorize";
  }

  /**
   * Notes what a document has before it is replaced or removed, in the same transaction.
   *
   * @param entries of its next version, which takes the place of as many; 0 if it is removed
   */
  note(number: number, entries: number, sequence: number): void {
    if (!this.#isUsed) return;
    this.#sql.exec(
      `${insertFromDocuments} number = ? AND json_array_length(entries) > ? ${unlessMore}`,
      ...[sequence, number, entries],
    );
  }

  /** The same before all documents are removed. */
  noteAll(sequence: number): void {
    if (this.#isUsed) this.#sql.exec(`${insertFromDocuments} true ${unlessMore}`, sequence);
  }

  /** Notes what is brought into Vectorize before the document is here. */
  expect(id: string, entries: number, sequence: number): void {
    if (!this.#isUsed) return;
    this.#sql.exec(`INSERT INTO former_vectors VALUES (?, ?, ?) ${unlessMore}`, id, entries, sequence);
  }

  /** Forgets what a document's own entries have taken the place of. */
  settle(id: string, entries: number): void {
    if (this.#isUsed) {
      this.#sql.exec("DELETE FROM former_vectors WHERE id = ? AND entries <= ?", id, entries);
    }
  }

  get isEmpty(): boolean {
    return !this.#isUsed || this.some(1).length === 0;
  }

  some(limit: number): FormerVectors[] {
    return this.#sql
      .exec<FormerVectors & Record<string, SqlStorageValue>>(
        `SELECT id, coalesce(json_array_length(contents.entries), 0) AS present, former_vectors.entries,
         former_vectors.sequence FROM former_vectors LEFT JOIN documents USING (id) LEFT JOIN contents USING (number)
         LIMIT ?`,
        limit,
      )
      .toArray();
  }

  /** Forgets what has been deleted, unless it was noted again since it was read. */
  forget({ id, sequence }: FormerVectors): void {
    this.#sql.exec("DELETE FROM former_vectors WHERE id = ? AND sequence = ?", id, sequence);
  }
}
