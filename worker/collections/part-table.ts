/** Every part that is, or may be, in KV: nothing is put there that is not listed here first. */

export class PartTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Notes that a part is about to be needed, and keeps it from being collected for a grace period.
   *
   * @returns whether it is in KV already
   */
  expect(sha256: string, now: number): boolean {
    this.#sql.exec(
      `INSERT INTO parts (sha256, unreferenced_since) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET unreferenced_since = excluded.unreferenced_since
       WHERE unreferenced_since IS NOT NULL`,
      ...[sha256, now],
    );
    const query = "SELECT stored FROM parts WHERE sha256 = ?";
    return this.#sql.exec<{ stored: number }>(query, sha256).one().stored === 1;
  }

  confirm(sha256: string): void {
    this.#sql.exec("UPDATE parts SET stored = 1 WHERE sha256 = ?", sha256);
  }

  /** Brings the table in line with the segments: what one of them needs is no garbage, the rest is from now on. */
  noteReferences(now: number): void {
    this.#sql.exec(
      `UPDATE parts SET unreferenced_since = NULL
       WHERE unreferenced_since IS NOT NULL AND sha256 IN (SELECT sha256 FROM segment_parts)`,
    );
    this.#sql.exec(
      `UPDATE parts SET unreferenced_since = ?
       WHERE unreferenced_since IS NULL AND sha256 NOT IN (SELECT sha256 FROM segment_parts)`,
      now,
    );
  }

  /** Lets the grace period of what was dropped after one time begin at another. */
  postpone(droppedAfter: number, now: number): void {
    this.#sql.exec("UPDATE parts SET unreferenced_since = ? WHERE unreferenced_since > ?", now, droppedAfter);
  }

  /** Parts that nothing has needed since a time. */
  garbage(before: number, limit: number): string[] {
    return this.#list(
      "SELECT sha256 FROM parts WHERE unreferenced_since <= ? ORDER BY unreferenced_since LIMIT ?",
      ...[before, limit],
    );
  }

  /** When the oldest garbage became that; null if there is none. */
  oldestGarbage(): number | null {
    return this.#sql
      .exec<{ since: number | null }>(
        "SELECT min(unreferenced_since) AS since FROM parts WHERE unreferenced_since IS NOT NULL",
      )
      .one().since;
  }

  any(limit: number): string[] {
    return this.#list("SELECT sha256 FROM parts LIMIT ?", limit);
  }

  /** Notes that a part may be gone from now on. */
  doubt(sha256: string): void {
    this.#sql.exec("UPDATE parts SET stored = 0 WHERE sha256 = ?", sha256);
  }

  remove(sha256: string): void {
    this.#sql.exec("DELETE FROM parts WHERE sha256 = ?", sha256);
  }

  #list(query: string, ...bindings: number[]): string[] {
    return this.#sql
      .exec<{ sha256: string }>(query, ...bindings)
      .toArray()
      .map(({ sha256 }) => sha256);
  }
}
