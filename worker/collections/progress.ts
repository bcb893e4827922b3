/** How far a collection has come: the counters and times of which there is one each. */

export interface ProgressValues {
  /** Writes so far. */
  sequence: number;
  documents: number;
  /** Of the document row made last; numbers are not used again. */
  last_number: number;
  /** The last write that replaced or removed a document. */
  replaced_sequence: number;
  /** Milliseconds since 1970 of the first write that is in no manifest; null if all are. */
  unpublished_since: number | null;
  /** Milliseconds since 1970 of the last write. */
  written_at: number;
  /** Of the manifest in the table, the write up to which it has everything, and when it was made. */
  generation: number;
  published_sequence: number;
  published_at: number;
  /** The generation that is known to be in KV, its sequence, and when it got there. */
  confirmed_generation: number;
  confirmed_sequence: number;
  confirmed_at: number;
  /** Attempts to publish that have failed since one succeeded, when to try again, and why the last one failed. */
  failures: number;
  retry_at: number;
  publish_error: string | null;
  /** Values put into KV, and documents put into segments, ever. */
  kv_writes: number;
  placements: number;
  /** 1 while the collection is being deleted: for everyone else it is gone. */
  destroying: number;
}

export class Progress {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(): ProgressValues {
    return this.#sql.exec<ProgressValues & Record<string, SqlStorageValue>>("SELECT * FROM progress").one();
  }

  set(values: Partial<ProgressValues>): void {
    const names = Object.keys(values);
    const assignments = names.map((name) => `${name} = ?`).join(", ");
    this.#sql.exec(`UPDATE progress SET ${assignments}`, ...Object.values(values));
  }

  /** Counts a write. @param replacing whether it took away what someone may rely on to be there */
  beginWrite(now: number, replacing: boolean): number {
    const { sequence, unpublished_since } = this.get();
    this.set({
      sequence: sequence + 1,
      unpublished_since: unpublished_since ?? now,
      written_at: now,
      ...(replacing ? { replaced_sequence: sequence + 1 } : {}),
    });
    return sequence + 1;
  }

  add(name: "documents" | "kv_writes" | "placements", count: number): void {
    this.#sql.exec(`UPDATE progress SET ${name} = ${name} + ?`, count);
  }

  /** The number for the next document row. */
  nextNumber(): number {
    return this.#sql
      .exec<{ last_number: number }>(
        "UPDATE progress SET last_number = last_number + 1 RETURNING last_number",
      )
      .one().last_number;
  }
}
