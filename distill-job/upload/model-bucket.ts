/** The bucket that an upload puts models into, by whichever way it is reached. */

/** What is known of an object without its content. */
export interface ObjectHead {
  readonly bytes: number;
  readonly etag: string;
}

export interface PutOptions {
  /** Hexadecimal SHA-256 of the body: what is stored has it, or the call fails. */
  readonly sha256: string;
  /** Store only if this holds: the object has this etag, or (null) there is none. Absent: store in any case. */
  readonly expectedEtag?: string | null;
  /** Called with the bytes handed to the network so far. */
  readonly onProgress?: (sentBytes: number) => void;
}

export interface ModelBucket {
  /** Size and etag of an object; null if it is not there. */
  head(key: string): Promise<ObjectHead | null>;
  /** Content and etag of a small object; null if it is not there. */
  get(key: string): Promise<{ readonly text: string; readonly etag: string } | null>;
  /** Stores an object; false if `expectedEtag` did not hold. */
  put(key: string, body: Uint8Array, options: PutOptions): Promise<boolean>;
}
