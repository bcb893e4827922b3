/** A document as it is written, and as it is embedded. */

/** Any JSON object; the declared fields in it can be filtered by. */
export type Metadata = Readonly<Record<string, unknown>>;

export interface SourceDocument {
  readonly id: string;
  /** Empty where the client brings a vector and no text. */
  readonly text: string;
  readonly metadata: Metadata;
}

/**
 * A part of a document that is found on its own: the whole text, or one chunk of it. Its first row is the
 * vector of all of it; the others, if there are any, are those of its windows.
 */
export interface Entry {
  /** UTF-16 units of the document's text: where the part begins and where it ends. */
  readonly from: number;
  readonly to: number;
  /** How many of the document's rows are this entry's, at least 1. */
  readonly rows: number;
}

/** A document with the vectors of its entries: the rows of the first entry, then those of the second… */
export interface EncodedDocument extends SourceDocument {
  /** At least one. */
  readonly entries: readonly Entry[];
  /** rows x dimensions; a row times its scale is a unit vector, or zeros where a text says nothing. */
  readonly values: Int8Array;
  /** One per row. */
  readonly scales: Float32Array;
}
