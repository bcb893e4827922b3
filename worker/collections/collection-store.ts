/** Everything of one collection that is in its Durable Object's SQLite, as the parts of the writer share it. */
import { collectionNotFound } from "../../shared/api/collections/collection-name.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import { DocumentTable } from "./document-table.ts";
import { PartTable } from "./part-table.ts";
import { Progress } from "./progress.ts";
import type { Database } from "./schema.ts";
import { SegmentTable } from "./segment-table.ts";
import { FormerVectorTable } from "./vectorize/former-vectors.ts";
import { WhiteningTable } from "./whitening-table.ts";

/** What a collection is from its creation to its end. */
export interface CollectionIdentity {
  readonly name: string;
  readonly incarnation: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly settings: CollectionSettings;
}

export class CollectionStore {
  readonly identity: CollectionIdentity;
  readonly progress: Progress;
  readonly documents: DocumentTable;
  readonly segments: SegmentTable;
  readonly parts: PartTable;
  readonly whitening: WhiteningTable;
  readonly formerVectors: FormerVectorTable;
  readonly #database: Database;

  private constructor(database: Database, identity: CollectionIdentity) {
    const { sql } = database;
    this.#database = database;
    this.identity = identity;
    this.progress = new Progress(sql);
    this.documents = new DocumentTable(sql, identity.settings.dimensions);
    this.segments = new SegmentTable(sql);
    this.parts = new PartTable(sql);
    this.whitening = new WhiteningTable(sql, identity.settings);
    this.formerVectors = new FormerVectorTable(sql, identity.settings);
  }

  /** Null if no collection was created in this storage. */
  static open(database: Database): CollectionStore | null {
    const [row] = database.sql
      .exec<{ name: string; incarnation: string; created_at: number; settings: string }>(
        "SELECT name, incarnation, created_at, settings FROM collection",
      )
      .toArray();
    if (row === undefined) return null;
    const { name, incarnation, created_at: createdAt } = row;
    const settings = JSON.parse(row.settings) as CollectionSettings;
    return new CollectionStore(database, { name, incarnation, createdAt, settings });
  }

  /** Creates the collection, in one transaction of which `also` is part. */
  static create(
    database: Database,
    identity: CollectionIdentity,
    also: (store: CollectionStore) => void,
  ): CollectionStore {
    const store = new CollectionStore(database, identity);
    database.transactionSync(() => {
      const { name, incarnation, createdAt, settings } = identity;
      database.sql.exec(
        "INSERT INTO collection VALUES (?, ?, ?, ?)",
        ...[name, incarnation, createdAt, JSON.stringify(settings)],
      );
      database.sql.exec("INSERT INTO progress DEFAULT VALUES");
      also(store);
    });
    return store;
  }

  /** False once the storage has been emptied. */
  alive = true;

  /** @throws NearvecError `collection_not_found` if it was deleted, or is about to be */
  checkAlive(): void {
    if (!this.alive || this.progress.get().destroying === 1) throw collectionNotFound(this.identity.name);
  }

  /** All of it or nothing. */
  transaction<Result>(work: () => Result): Result {
    return this.#database.transactionSync(work);
  }

  get manifestText(): string {
    return this.#database.sql.exec<{ text: string }>("SELECT text FROM manifest").one().text;
  }

  get manifest(): Manifest {
    return JSON.parse(this.manifestText) as Manifest;
  }

  setManifest(manifest: Manifest): void {
    this.#database.sql.exec("DELETE FROM manifest");
    this.#database.sql.exec("INSERT INTO manifest VALUES (?)", JSON.stringify(manifest));
  }

  /** Whether a segment was adopted, and nothing that it brought can have been replaced or removed since. */
  hasAdopted(segmentId: string): boolean {
    const [row] = this.#database.sql
      .exec<{ sequence: number }>("SELECT sequence FROM adoptions WHERE id = ?", segmentId)
      .toArray();
    return row !== undefined && row.sequence >= this.progress.get().replaced_sequence;
  }

  noteAdoption(segmentId: string, sequence: number): void {
    this.#database.sql.exec("INSERT OR REPLACE INTO adoptions VALUES (?, ?)", segmentId, sequence);
  }
}
