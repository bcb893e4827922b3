/** What changes documents: each a transaction of its own, counted, and published later. */
import { checkMetadata } from "../../shared/api/collections/metadata-field.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { Metadata } from "../../shared/search/collection/document.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { Removal, StoredDocument, WriteOutcome, WrittenDocument } from "./collection-writer.ts";
import type { DocumentRow } from "./document-table.ts";
import { mergePatch } from "./merge-patch.ts";
import { makeNextManifest } from "./next-manifest.ts";
import { maxVectorBytes } from "./vector-table.ts";
import type { EntryVectors } from "./whitening-table.ts";

/** Documents that are looked at, or removed, before others may have their turn. */
const documentsPerStep = 500;

export class DocumentWrites {
  readonly #store: CollectionStore;

  constructor(store: CollectionStore) {
    this.#store = store;
  }

  write(documents: readonly WrittenDocument[]): { sequence: number; outcomes: WriteOutcome[] } {
    for (const document of documents) this.#check(document);
    const last = new Map(documents.map((document, i) => [document.id, i]));
    const { documents: table, progress, whitening, formerVectors } = this.#store;
    return this.#store.transaction(() => {
      const existing = documents.map(({ id }) => table.find(id));
      const isChange = (i: number) => existing[i]?.contentHash !== documents[i]!.contentHash;
      const outcomes = documents.map(({ id }, i): WriteOutcome => {
        const winner = last.get(id)!;
        if (existing[i] === null) return "created";
        return isChange(winner) ? "updated" : "unchanged";
      });
      const changed = documents
        .map((_, i) => i)
        .filter((i) => last.get(documents[i]!.id) === i && isChange(i));
      if (changed.length === 0) return { sequence: progress.get().sequence, outcomes };

      const now = Date.now();
      const replaced = changed.flatMap((i) => existing[i] ?? []);
      const sequence = progress.beginWrite(now, replaced.length > 0);
      whitening.change(
        changed.map((i) => documents[i]!),
        this.#vectors(replaced),
      );
      for (const i of changed) {
        const row = existing[i];
        if (row) {
          formerVectors.note(row.number, documents[i]!.entries.length, sequence);
          table.replace(row.number, documents[i]!, sequence, now);
        } else table.insert(progress.nextNumber(), documents[i]!, sequence, now);
      }
      progress.add("documents", changed.length - replaced.length);
      return { sequence, outcomes };
    });
  }

  patch(id: string, patch: Metadata): StoredDocument | null {
    const { documents, progress, identity } = this.#store;
    return this.#store.transaction(() => {
      const row = documents.find(id);
      if (row === null) return null;
      const before = JSON.stringify(documents.metadata(row.number));
      const merged = mergePatch(JSON.parse(before), patch);
      const after = JSON.stringify(merged);
      if (after !== before) {
        checkMetadata(merged, identity.settings.fields, "metadata");
        const now = Date.now();
        const sequence = progress.beginWrite(now, true);
        // No digest of a whole document is equal to this, so writing the document again undoes the patch.
        documents.replaceMetadata(row.number, after, `patch-${sequence}`, sequence, now);
      }
      return documents.read(id);
    });
  }

  remove(ids: readonly string[]): Removal {
    const { documents } = this.#store;
    return this.#store.transaction(() =>
      this.#removeRows([...new Set(ids)].flatMap((id) => documents.find(id) ?? [])),
    );
  }

  /** Removes step by step: what is written meanwhile may be looked at or not. */
  async removeMatching(matches: (metadata: Metadata) => boolean): Promise<Removal> {
    const { documents, progress } = this.#store;
    let removed = 0;
    let number = 0;
    for (;;) {
      const step = documents.metadataAfter(number, documentsPerStep);
      const last = step.at(-1);
      if (last === undefined) break;
      number = last.number;
      const rows = step
        .filter(({ metadata }) => matches(metadata))
        .flatMap((row) => documents.at(row.number) ?? []);
      if (rows.length > 0) removed += this.#store.transaction(() => this.#removeRows(rows)).removed;
      await scheduler.wait(0);
      this.#store.checkAlive();
    }
    return { removed, sequence: progress.get().sequence };
  }

  removeAll(): Removal {
    const { documents, segments, progress, whitening, formerVectors } = this.#store;
    return this.#store.transaction(() => {
      const { documents: removed, sequence } = progress.get();
      if (removed === 0) return { removed, sequence };
      const next = progress.beginWrite(Date.now(), true);
      formerVectors.noteAll(next);
      documents.removeAll();
      segments.removeAll();
      whitening.clear();
      progress.set({ documents: 0 });
      // The old manifest names segments of which nothing is known any more.
      makeNextManifest(this.#store);
      return { removed, sequence: next };
    });
  }

  #removeRows(rows: readonly DocumentRow[]): Removal {
    const { documents, segments, progress, whitening, formerVectors } = this.#store;
    if (rows.length === 0) return { removed: 0, sequence: progress.get().sequence };
    const sequence = progress.beginWrite(Date.now(), true);
    whitening.change([], this.#vectors(rows));
    for (const { number, place } of rows) {
      if (place !== null) segments.kill(place);
      formerVectors.note(number, 0, sequence);
      documents.remove(number);
    }
    progress.add("documents", -rows.length);
    return { removed: rows.length, sequence };
  }

  *#vectors(rows: readonly DocumentRow[]): Generator<EntryVectors> {
    const { documents } = this.#store;
    for (const { number } of rows) {
      yield { entries: documents.entries(number), ...documents.vectors.get(number) };
    }
  }

  /** What would make a segment impossible to write must not get in. */
  #check({ id, entries, values, scales }: WrittenDocument): void {
    const { dimensions } = this.#store.identity.settings;
    const rows = entries.reduce((sum, entry) => sum + entry.rows, 0);
    if (id === "" || !id.isWellFormed()) {
      throw invalid("id", `an id of Unicode characters, got ${JSON.stringify(id)}`);
    }
    if (entries.length === 0 || scales.length !== rows || values.length !== rows * dimensions) {
      const got = `${entries.length} entries, ${scales.length} scales and ${values.length} values`;
      throw invalid(
        "values",
        `rows of ${dimensions} dimensions for each entry of ${JSON.stringify(id)}, got ${got}`,
      );
    }
    if (scales.byteLength + values.byteLength > maxVectorBytes) {
      throw invalid("values", `vectors of at most ${maxVectorBytes} bytes for ${JSON.stringify(id)}`);
    }
  }
}

function invalid(param: string, expected: string): NearvecError {
  return new NearvecError("invalid_request", `Expected ${expected}.`, { param });
}
