/** What a collection is told once, when it is created. */

/** How a declared metadata field is stored, so that filters can ask for it before the scan. */
export const fieldTypes = ["string", "number", "boolean", "string[]"] as const;
export type FieldType = (typeof fieldTypes)[number];

/** How long texts are cut into entries, which are found one by one and answered as their document. */
export interface ChunkingSettings {
  /** `sentences` never cuts a sentence that fits; `size` cuts between words. */
  readonly by: "sentences" | "size";
  /** UTF-16 units of an entry at most. */
  readonly maxCharacters: number;
  /** UTF-16 units that an entry repeats of the one before it, at most. */
  readonly overlapCharacters: number;
}

/** Which part of the platform finds the nearest vectors. */
export const vectorBackends = ["scan", "vectorize"] as const;
export type VectorBackend = (typeof vectorBackends)[number];

export interface CollectionSettings {
  /** The model whose vectors it holds, by name and by the file that was in force when it was created. */
  readonly model: { readonly name: string; readonly sha256: string };
  readonly dimensions: number;
  /** Metadata fields that filters may name, by name; others are kept but cannot be asked for. */
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Null: a document is one entry. */
  readonly chunking: ChunkingSettings | null;
  /** Whether dimensions are centred and scaled before cosines: `auto` does from `whiteningMinEntries` on. */
  readonly whitening: "auto" | "on" | "off";
  /** Whether an entry is scored by the best midpoint of its text and a window: a row more for every window. */
  readonly bestWindow: boolean;
  /** Durable Objects that the documents are spread over; 1 unless one isolate cannot hold them. */
  readonly shards: number;
  readonly backend: VectorBackend;
}
