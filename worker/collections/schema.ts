/** The tables of a collection's Durable Object, and how older ones are brought up to date. */

/** What of a Durable Object's storage the tables need. */
export type Database = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/**
 * One step for each version; a step that has been released is never changed, a new one is added after it.
 *
 * A document's newest published version is in segment `segment` as `ordinal`. It is *fresh* while a newer one is in
 * no segment: `fresh_since` is the first write of it that is in none. Texts and vectors are in tables of their own, so that looking through ids
 * reads no pages of theirs.
 */
const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE collection (
      name TEXT NOT NULL, incarnation TEXT NOT NULL, created_at INTEGER NOT NULL, settings TEXT NOT NULL)`,
    `CREATE TABLE progress (
      sequence INTEGER NOT NULL DEFAULT 0,
      documents INTEGER NOT NULL DEFAULT 0,
      last_number INTEGER NOT NULL DEFAULT 0,
      replaced_sequence INTEGER NOT NULL DEFAULT 0,
      unpublished_since INTEGER,
      written_at INTEGER NOT NULL DEFAULT 0,
      generation INTEGER NOT NULL DEFAULT 0,
      published_sequence INTEGER NOT NULL DEFAULT 0,
      published_at INTEGER NOT NULL DEFAULT 0,
      confirmed_generation INTEGER NOT NULL DEFAULT -1,
      confirmed_sequence INTEGER NOT NULL DEFAULT 0,
      confirmed_at INTEGER NOT NULL DEFAULT 0,
      crashes INTEGER NOT NULL DEFAULT 0,
      failures INTEGER NOT NULL DEFAULT 0,
      retry_at INTEGER NOT NULL DEFAULT 0,
      publish_error TEXT,
      kv_writes INTEGER NOT NULL DEFAULT 0,
      placements INTEGER NOT NULL DEFAULT 0,
      destroying INTEGER NOT NULL DEFAULT 0)`,
    "CREATE TABLE manifest (text TEXT NOT NULL)",
    "CREATE TABLE whitening (sums BLOB NOT NULL)",
    `CREATE TABLE documents (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sequence INTEGER NOT NULL, content_hash TEXT NOT NULL,
      updated_at INTEGER NOT NULL, bytes INTEGER NOT NULL,
      fresh_since INTEGER, segment INTEGER, ordinal INTEGER,
      placed_entries INTEGER, placed_rows INTEGER, placed_words INTEGER)`,
    "CREATE INDEX fresh_documents ON documents (fresh_since) WHERE fresh_since IS NOT NULL",
    "CREATE INDEX placed_documents ON documents (segment) WHERE segment IS NOT NULL",
    "CREATE TABLE contents (number INTEGER PRIMARY KEY, text TEXT NOT NULL, metadata TEXT NOT NULL, entries TEXT NOT NULL)",
    "CREATE TABLE vectors (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
    `CREATE TABLE segments (
      number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL, deleted TEXT NOT NULL DEFAULT '',
      documents INTEGER NOT NULL, bytes INTEGER NOT NULL,
      live_documents INTEGER NOT NULL, live_entries INTEGER NOT NULL, live_rows INTEGER NOT NULL,
      live_words INTEGER NOT NULL)`,
    `CREATE TABLE deletions (
      segment INTEGER NOT NULL, ordinal INTEGER NOT NULL, published INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (segment, ordinal)) WITHOUT ROWID`,
    "CREATE INDEX unpublished_deletions ON deletions (segment) WHERE published = 0",
    `CREATE TABLE parts (
      sha256 TEXT PRIMARY KEY, stored INTEGER NOT NULL DEFAULT 0, unreferenced_since INTEGER) WITHOUT ROWID`,
    "CREATE INDEX unreferenced_parts ON parts (unreferenced_since) WHERE unreferenced_since IS NOT NULL",
    `CREATE TABLE segment_parts (
      segment INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (segment, sha256)) WITHOUT ROWID`,
    "CREATE INDEX part_segments ON segment_parts (sha256)",
    "CREATE TABLE adoptions (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID",
  ],
  [
    `CREATE TABLE former_vectors (
      id TEXT PRIMARY KEY, entries INTEGER NOT NULL, sequence INTEGER NOT NULL) WITHOUT ROWID`,
  ],
];

/** Whether there is a collection in this storage. Writes nothing: any name can be asked for. */
export function hasSchema({ sql }: Database): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").toArray().length > 0;
}

/** Makes the tables, or brings them up to date. */
export function migrate(database: Database): void {
  const { sql } = database;
  database.transactionSync(() => {
    sql.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    const [row] = sql.exec<{ version: number }>("SELECT version FROM schema_version").toArray();
    const version = row?.version ?? 0;
    if (version >= migrations.length) return;
    for (const step of migrations.slice(version)) {
      for (const statement of step) sql.exec(statement);
    }
    sql.exec("DELETE FROM schema_version");
    sql.exec("INSERT INTO schema_version VALUES (?)", migrations.length);
  });
}
