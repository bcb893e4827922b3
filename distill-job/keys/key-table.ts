/** Keys as people and programs read them: never with a secret. */
import type { KeyRecord } from "../../shared/access/key-record.ts";

/** What `--json` prints of a key. */
export interface KeyDescription extends Omit<KeyRecord, "version" | "secrets"> {
  readonly expired: boolean;
  /** When the newest secret was made. */
  readonly rotated: string;
  /** Until when older secrets go on; empty if there are none. */
  readonly former_secrets_until: readonly string[];
}

export function describeKey(record: KeyRecord, now: number): KeyDescription {
  const { id, name, scopes, collections, created, expires, secrets } = record;
  return {
    ...{ id, name, scopes, collections, created, expires },
    expired: isOver(expires, now),
    rotated: secrets[0]!.created,
    former_secrets_until: secrets
      .slice(1)
      .flatMap((secret) => (secret.expires === null || isOver(secret.expires, now) ? [] : [secret.expires])),
  };
}

/** One line a key, in columns. */
export function keyTable(records: readonly KeyRecord[], now: number): string {
  const rows = records.map((record) => {
    const { id, name, scopes, collections, created, expires, expired, former_secrets_until } = describeKey(
      record,
      now,
    );
    return [
      id,
      name || "-",
      scopes.join(" "),
      collections?.join(" ") ?? "all",
      created.slice(0, 10),
      expires === null ? "never" : expired ? `${expires.slice(0, 10)} (over)` : expires.slice(0, 10),
      former_secrets_until.length === 0 ? "" : `old secret until ${minuteOf(former_secrets_until[0]!)}`,
    ];
  });
  const table = [["ID", "NAME", "SCOPES", "COLLECTIONS", "CREATED", "EXPIRES", ""], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `2027-01-31 12:00 UTC` */
export function minuteOf(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

function isOver(expires: string | null, now: number): boolean {
  return expires !== null && Date.parse(expires) <= now;
}
